import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { PlayerSurface } from '@components/player-surface';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import type { ReactNode } from 'react';
import { usePlayer } from './context';
import { FullscreenButton } from './fullscreen-button';
import { LiveBadge } from './live-badge';
import { MoreMenu } from './more-menu';
import { MuteButton } from './mute-button';
import { PlayerBox } from './player-box';
import { PlayerNoticeView } from './player-notice';
import { QualityMenu } from './quality-menu';
import { RecordButton, RecordingBadge } from './record-button';
import { SnapshotButton } from './snapshot-button';
import { StatusAnnouncer } from './status-announcer';
import { StatusPanel } from './status-panel';
import type { IotPlayerFrameProps } from './types';
import { VolumeSlider } from './volume-slider';
import { ZoomLayer } from './zoom-layer';
import { ZoomResetButton } from './zoom-reset-button';
import './iot-player.scss';

/** The picture of the player around it, with its status and its buttons. */
export function IotPlayerFrame(props: IotPlayerFrameProps) {
  const { className = '' } = props;
  const text = useText();
  const { device } = usePlayer();
  const { name } = device;
  const label = name === undefined ? text('player.name') : text('player.label', { name });
  return (
    <PlayerBox className={className} label={label}>
      <Picture overlay={<Overlay {...props} />} />
    </PlayerBox>
  );
}

/** What stands over the picture. */
function Overlay({ controls = true, qualities, poster, children }: IotPlayerFrameProps) {
  return (
    <>
      {poster !== undefined && <Poster src={poster} />}
      {children !== undefined && <View className="iot-player__slot">{children}</View>}
      {controls && <ZoomLayer />}
      <StatusPanel />
      {controls && (
        <>
          <View className="iot-player__top">
            <LiveBadge />
            <RecordingBadge />
            <View className="iot-player__space" />
            <ZoomResetButton />
          </View>
          <View className="iot-player__bar">
            <View className="iot-player__sound">
              <MuteButton />
              <VolumeSlider />
            </View>
            <View className="iot-player__space" />
            <QualityMenu {...(qualities !== undefined && { qualities })} />
            <SnapshotButton />
            <RecordButton />
            <MoreMenu />
            <FullscreenButton />
          </View>
        </>
      )}
      <PlayerNoticeView />
      <StatusAnnouncer />
    </>
  );
}

const Picture = observer(function Picture({ overlay }: { readonly overlay: ReactNode }) {
  const text = useText();
  const { device, view, surface, onlyAudio, attachSink, attachSoundSink, attachPicture } =
    usePlayer();
  const name = device.name ?? text('player.unnamed');
  // Another camera must not show the last picture of this one.
  const key = `${device.id}.${surface}.${onlyAudio}`;
  // The native full screen shows what is inside of the picture's element, and nothing else.
  const inPicture = view.picture?.fullscreen != null && view.fullscreen === 'host';
  return (
    <>
      {surface === 'pictures' && (
        <View className="iot-player__hidden-sound" aria-hidden="true">
          <PlayerSurface key={key} onSink={attachSoundSink} label="" soundMode={view.soundMode} />
        </View>
      )}
      <PlayerSurface
        key={key}
        kind={surface}
        onSink={attachSink}
        onPicture={attachPicture}
        label={text('player.picture', { name })}
        fit={view.fit}
        rotation={view.rotation}
        soundMode={view.soundMode}
        {...(inPicture && { overlay })}
      />
      {onlyAudio && (
        <View className="iot-player__only-sound">
          <Icon name="sound-on" />
        </View>
      )}
      {!inPicture && overlay}
    </>
  );
});

/** Until there is a picture. */
const Poster = observer(function Poster({ src }: { readonly src: string }) {
  const { status } = usePlayer().store;
  if (status.hasPicture) return null;
  return (
    <View
      className="iot-player__poster"
      style={{ backgroundImage: `url("${src.replace(/["\\\n]/g, encodeURIComponent)}")` }}
      aria-hidden="true"
    />
  );
});
