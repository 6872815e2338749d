import { useIotVideo } from '@components/provider';
import { StreamTap } from '@services/recorder';
import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { PicturesSurface } from './pictures-surface';
import { resetLocalServer } from './player-plugin';
import { PluginPicture, SIDEWAYS } from './plugin-picture';
import { PluginSink } from './plugin-sink';
import type { PluginView } from './plugin-sink';
import type {
  FullscreenChangeDetail,
  NativeErrorDetail,
  NetStatusDetail,
  PlayerCloseDetail,
  PlayerReadyDetail,
  StateChangeDetail,
} from './plugin-player';
import type { PlayerSurfaceProps } from './types';
import { usePluginSurface } from './use-plugin-surface';
import './player-surface.scss';

/** The native player's events that are of use; the others are many. */
const ACCEPTED = {
  error: true,
  statechange: true,
  netstatus: true,
  fullscreenchange: true,
  enterpictureinpicture: true,
  leavepictureinpicture: true,
};
/** Cache in s: what the reference plays live with. */
const CACHE_S = { least: 0.2, most: 0.8 };

const NOTHING: PluginView = { instance: null, autoplay: false, muted: true };

/** The picture in WeChat, by the P2P-Player plugin. */
export function PlayerSurface(props: PlayerSurfaceProps) {
  const [kind] = useState(props.kind);
  return kind === 'pictures' ? <PicturesSurface {...props} /> : <VideoSurface {...props} />;
}

/** `<p2p-player>`. */
function VideoSurface(props: PlayerSurfaceProps) {
  const { label, fit = 'contain', rotation = 0, soundMode = 'speaker', overlay } = props;
  const { clock } = useIotVideo();
  const [view, setView] = useState(NOTHING);
  const [{ sink, picture }] = useState(() => {
    const tap = new StreamTap();
    const made = new PluginSink({ clock, onView: setView, resetLocalServer, tap });
    return { sink: made, picture: new PluginPicture(() => made.playerContext, tap, canFloat()) };
  });
  usePluginSurface(props, sink, picture);
  const onFloat = (floating: boolean): void => {
    sink.setFloating(floating);
    picture.pictureInPicture?.tell(floating);
  };

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
          soundMode={soundMode}
          orientation={rotation === SIDEWAYS ? 'horizontal' : 'vertical'}
          minCache={CACHE_S.least}
          maxCache={CACHE_S.most}
          objectFit={fit === 'contain' ? 'contain' : 'fillCrop'}
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
          onFullscreenchange={({ detail }) => picture.fullscreen.tell(isOn(detail.fullScreen))}
          onEnterpictureinpicture={() => onFloat(true)}
          onLeavepictureinpicture={() => onFloat(false)}
        >
          {/* Inside of it: in its own full screen nothing else is shown. */}
          {overlay}
        </p2p-player>
      )}
    </View>
  );
}

/** Some systems tell it as a text. */
function isOn(fullScreen: FullscreenChangeDetail['fullScreen']): boolean {
  return fullScreen === true || fullScreen === 'true';
}

function canFloat(): boolean {
  return Taro.canIUse('LivePlayerContext.requestPictureInPicture');
}

/** Nothing to fetch: the plugin comes with the package. */
export function preloadPlayerSurface(): void {}

type NativeEvent<Detail> = (event: { readonly detail: Detail }) => void;

interface P2PPlayerProps {
  readonly class: string;
  readonly autoplay: boolean;
  readonly muted: boolean;
  readonly mode: 'live' | 'RTC';
  readonly soundMode: 'speaker' | 'ear';
  readonly orientation: 'vertical' | 'horizontal';
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
  readonly onFullscreenchange: NativeEvent<FullscreenChangeDetail>;
  readonly onEnterpictureinpicture: NativeEvent<unknown>;
  readonly onLeavepictureinpicture: NativeEvent<unknown>;
  readonly children: ReactNode;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how React learns of a tag
  namespace JSX {
    interface IntrinsicElements {
      'p2p-player': P2PPlayerProps & { readonly key: number };
    }
  }
}
