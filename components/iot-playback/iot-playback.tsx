import { useText } from '@components/hooks';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useMemo } from 'react';
import { IotPlaybackContext, usePlayback } from './context';
import { PlaybackCalendar } from './playback-calendar';
import { PlaybackControls } from './playback-controls';
import type { PlaybackControlsProps } from './playback-controls';
import { PlaybackPicture } from './playback-picture';
import { PlaybackTimeline } from './playback-timeline';
import type { PlaybackClip } from './clip-bar';
import { useIotPlayback } from './use-iot-playback';
import type { UseIotPlaybackOptions } from './use-iot-playback';
import '../iot-player/iot-player.scss';
import './iot-playback.scss';

export interface IotPlaybackProps extends UseIotPlaybackOptions, PlaybackControlsProps {
  /** Shows a way to choose a stretch of the day; called with what was chosen, in unix seconds. */
  readonly onClip?: ((clip: PlaybackClip) => void) | undefined;
  readonly className?: string;
}

/**
 * Looks back at what a camera has recorded: picture, day timeline, calendar.
 *
 * @example
 * <IotPlayback device={{ id: 'door', name: 'Front door', xp2pInfo }} onLive={showLive} />
 */
export function IotPlayback({ onLive, onSave, onClip, className, ...options }: IotPlaybackProps) {
  const text = useText();
  const playback = useIotPlayback(options);
  const { device } = options;
  const value = useMemo(() => ({ ...playback, device }), [playback, device]);
  const name = device.name ?? text('player.unnamed');
  return (
    <IotPlaybackContext.Provider value={value}>
      <View
        className={`iot-playback ${className ?? ''}`}
        role="region"
        aria-label={text('playback.label', { name })}
      >
        <View className="iot-playback__main">
          <PlaybackPicture />
          <View className="iot-playback__deck">
            <PlaybackTimeline onClip={onClip} />
            <PlaybackControls onLive={onLive} onSave={onSave} />
          </View>
        </View>
        <View className="iot-playback__side">
          <PlaybackCalendar />
          <ZoneNote />
        </View>
      </View>
    </IotPlaybackContext.Provider>
  );
}

/** Whose clock it is, where it may not be the user's. */
const ZoneNote = observer(function ZoneNote() {
  const text = useText();
  const { zone } = usePlayback().store.time;
  if (typeof zone !== 'string') return null;
  return <View className="iot-playback__zone">{text('playback.zone', { zone })}</View>;
});
