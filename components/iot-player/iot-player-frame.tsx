import { useText } from '@components/hooks';
import { PlayerSurface } from '@components/player-surface';
import { View } from '@tarojs/components';
import { usePlayer } from './context';
import { LiveBadge } from './live-badge';
import { MuteButton } from './mute-button';
import { RefreshButton } from './refresh-button';
import { StatusAnnouncer } from './status-announcer';
import { StatusPanel } from './status-panel';
import type { IotPlayerFrameProps } from './types';
import './iot-player.scss';

/** The picture of the player around it, with its status and its buttons. */
export function IotPlayerFrame({ controls = true, className, children }: IotPlayerFrameProps) {
  const text = useText();
  const { device, attachSink } = usePlayer();
  const name = device.name ?? text('player.unnamed');
  return (
    <View
      className={`iot-player ${className ?? ''}`}
      role="region"
      aria-label={text('player.label', { name })}
    >
      {/* Another camera must not show the last picture of this one. */}
      <PlayerSurface key={device.id} onSink={attachSink} label={text('player.picture', { name })} />
      {children !== undefined && <View className="iot-player__slot">{children}</View>}
      <StatusPanel />
      {controls && (
        <View className="iot-player__bar">
          <LiveBadge />
          <View className="iot-player__space" />
          <RefreshButton />
          <MuteButton />
        </View>
      )}
      <StatusAnnouncer />
    </View>
  );
}
