import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { PlayerSurface } from '@components/player-surface';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
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
  const { controls = true, qualities, poster, className = '', children } = props;
  const text = useText();
  const { device } = usePlayer();
  const { name } = device;
  return (
    <PlayerBox
      className={className}
      label={name === undefined ? text('player.name') : text('player.label', { name })}
    >
      <Picture />
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
    </PlayerBox>
  );
}

const Picture = observer(function Picture() {
  const text = useText();
  const { device, view, surface, onlyAudio, attachSink, attachSoundSink, attachPicture } =
    usePlayer();
  const name = device.name ?? text('player.unnamed');
  // Another camera must not show the last picture of this one.
  const key = `${device.id}.${surface}.${onlyAudio}`;
  return (
    <>
      {surface === 'pictures' && (
        <View className="iot-player__hidden-sound" aria-hidden="true">
          <PlayerSurface key={key} onSink={attachSoundSink} label="" />
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
      />
      {onlyAudio && (
        <View className="iot-player__only-sound">
          <Icon name="sound-on" />
        </View>
      )}
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
