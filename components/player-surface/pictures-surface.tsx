import { useIotVideo } from '@components/provider';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { MjpgPicture } from './mjpg-picture';
import { MjpgPluginSink } from './mjpg-plugin-sink';
import type { MjpgLoadDetail, MjpgReadyDetail } from './mjpg-player';
import { resetLocalServer } from './player-plugin';
import type { NativeErrorDetail, PlayerCloseDetail } from './plugin-player';
import type { TagView } from './plugin-tag-sink';
import type { PlayerSurfaceProps } from './types';
import { usePluginSurface } from './use-plugin-surface';

/** A picture stream in WeChat: the P2P-Player plugin's `<p2p-mjpg-player>`. */
export function PicturesSurface(props: PlayerSurfaceProps) {
  const { clock } = useIotVideo();
  const [view, setView] = useState<TagView>({ instance: null, autoplay: false });
  const [sink] = useState(() => new MjpgPluginSink({ clock, onView: setView, resetLocalServer }));
  const [picture] = useState(() => new MjpgPicture(() => sink.playerContext));
  usePluginSurface(props, sink, picture);

  return (
    <View
      className={`iot-surface iot-surface--turn-${props.rotation ?? 0}`}
      ariaLabel={props.label}
    >
      {view.instance !== null && (
        <p2p-mjpg-player
          key={view.instance}
          class="iot-surface__picture"
          autoplay={view.autoplay}
          bindplayerReady=""
          onPlayerReady={(event) => sink.onPlayerReady(event.detail)}
          bindplayerStartPull=""
          onPlayerStartPull={() => sink.onStartPull()}
          bindplayerClose=""
          onPlayerClose={(event) => sink.onPlayerClose(event.detail)}
          bindplayerError=""
          onPlayerError={(event) => sink.onPlayerError(event.detail)}
          onLoad={(event) => sink.onLoad(event.detail)}
          onError={(event) => sink.onNativeError(event.detail)}
        />
      )}
    </View>
  );
}

type NativeEvent<Detail> = (event: { readonly detail: Detail }) => void;

interface P2PMjpgPlayerProps {
  readonly class: string;
  readonly autoplay: boolean;
  readonly bindplayerReady: '';
  readonly onPlayerReady: NativeEvent<MjpgReadyDetail>;
  readonly bindplayerStartPull: '';
  readonly onPlayerStartPull: NativeEvent<unknown>;
  readonly bindplayerClose: '';
  readonly onPlayerClose: NativeEvent<PlayerCloseDetail>;
  readonly bindplayerError: '';
  readonly onPlayerError: NativeEvent<PlayerCloseDetail>;
  readonly onLoad: NativeEvent<MjpgLoadDetail>;
  readonly onError: NativeEvent<NativeErrorDetail>;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how React learns of a tag
  namespace JSX {
    interface IntrinsicElements {
      'p2p-mjpg-player': P2PMjpgPlayerProps & { readonly key: number };
    }
  }
}
