import { useIotVideo } from '@components/provider';
import { View } from '@tarojs/components';
import { useDidHide, useDidShow } from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { resetLocalServer } from './player-plugin';
import { PluginSink } from './plugin-sink';
import type { PluginView } from './plugin-sink';
import type {
  NativeErrorDetail,
  NetStatusDetail,
  PlayerCloseDetail,
  PlayerReadyDetail,
  StateChangeDetail,
} from './plugin-player';
import type { PlayerSurfaceProps } from './types';
import './player-surface.scss';

/** The native player's events that are of use; the others are many. */
const ACCEPTED = { error: true, statechange: true, netstatus: true, fullscreenchange: true };
/** Cache in s: what the reference plays live with. */
const CACHE_S = { least: 0.2, most: 0.8 };

const NOTHING: PluginView = { instance: null, autoplay: false, muted: true };

/** The picture in WeChat: the P2P-Player plugin's `<p2p-player>`. */
export function PlayerSurface({ onSink, label }: PlayerSurfaceProps) {
  const { clock } = useIotVideo();
  const [view, setView] = useState(NOTHING);
  const [sink] = useState(() => new PluginSink({ clock, onView: setView, resetLocalServer }));

  useEffect(() => {
    onSink(sink);
    return () => {
      onSink(null);
      sink.close();
    };
  }, [onSink, sink]);
  useDidHide(() => sink.setHidden(true));
  useDidShow(() => sink.setHidden(false));

  return (
    <View className="iot-surface" ariaLabel={label}>
      {view.instance !== null && (
        // Each event twice: the attribute is what the template binds, the handler what React calls.
        <p2p-player
          key={view.instance}
          class="iot-surface__picture"
          autoplay={view.autoplay}
          muted={view.muted}
          mode="live"
          minCache={CACHE_S.least}
          maxCache={CACHE_S.most}
          objectFit="contain"
          acceptLivePlayerEvents={ACCEPTED}
          bindplayerReady=""
          onPlayerReady={(event) => sink.onPlayerReady(event.detail)}
          bindplayerStartPull=""
          onPlayerStartPull={() => sink.onStartPull()}
          bindplayerClose=""
          onPlayerClose={(event) => sink.onPlayerClose(event.detail)}
          bindplayerError=""
          onPlayerError={(event) => sink.onPlayerError(event.detail)}
          onError={(event) => sink.onNativeError(event.detail)}
          onStatechange={(event) => sink.onStateChange(event.detail)}
          onNetstatus={(event) => sink.onNetStatus(event.detail)}
        />
      )}
    </View>
  );
}

/** Nothing to fetch: the plugin comes with the package. */
export function preloadPlayerSurface(): void {}

type NativeEvent<Detail> = (event: { readonly detail: Detail }) => void;

interface P2PPlayerProps {
  readonly class: string;
  readonly autoplay: boolean;
  readonly muted: boolean;
  readonly mode: 'live' | 'RTC';
  readonly minCache: number;
  readonly maxCache: number;
  readonly objectFit: 'contain' | 'fillCrop';
  readonly acceptLivePlayerEvents: Readonly<Record<string, boolean>>;
  readonly bindplayerReady: '';
  readonly onPlayerReady: NativeEvent<PlayerReadyDetail>;
  readonly bindplayerStartPull: '';
  readonly onPlayerStartPull: NativeEvent<unknown>;
  readonly bindplayerClose: '';
  readonly onPlayerClose: NativeEvent<PlayerCloseDetail>;
  readonly bindplayerError: '';
  readonly onPlayerError: NativeEvent<PlayerCloseDetail>;
  readonly onError: NativeEvent<NativeErrorDetail>;
  readonly onStatechange: NativeEvent<StateChangeDetail>;
  readonly onNetstatus: NativeEvent<NetStatusDetail>;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how React learns of a tag
  namespace JSX {
    interface IntrinsicElements {
      'p2p-player': P2PPlayerProps & { readonly key: number };
    }
  }
}
