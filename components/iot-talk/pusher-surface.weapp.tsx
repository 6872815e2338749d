import { useIotVideo } from '@components/provider';
import type { TalkProfile } from '@services/talk';
import { useEffect, useState } from 'react';
import { authoriseMicrophone } from './microphone-source';
import { PluginPusher } from './plugin-pusher';
import type { PusherView } from './plugin-pusher';
import type {
  PusherCloseDetail,
  PusherErrorDetail,
  PusherFlvDetail,
  PusherReadyDetail,
  PusherSettings,
  PusherStateDetail,
} from './pusher-events';
import type { TalkPusher, TalkPusherSurfaceProps } from './talk-pusher';

/** The native pusher's events that are of use. */
const ACCEPTED = { error: true, statechange: true, netstatus: true };
/** All that the tag's template has: what is left out there arrives as nothing at all. */
const TALK_SETTINGS: Required<PusherSettings> = {
  mode: 'RTC',
  enableMic: true,
  enableAgc: true,
  enableAns: true,
  audioQuality: 'low',
  audioVolumeType: 'voicecall',
  minBitrate: 100,
  maxBitrate: 200,
  ignoreEmptyAudioTag: true,
  aspect: '9:16',
  orientation: 'vertical',
  fps: 15,
  videoWidth: 360,
  videoHeight: 640,
  localMirror: 'auto',
  remoteMirror: false,
  devicePosition: 'front',
  beauty: 0,
  whiteness: 0,
  voiceChangerType: 0,
};
/** For a slow network. */
const BITRATES: Readonly<Record<TalkProfile, PusherSettings>> = {
  high: {},
  low: { minBitrate: 50, maxBitrate: 100 },
};

declare function requirePlugin(name: string): { resetRtmp?(): void };

/** Only in WeChat: its P2P-Player plugin's `<p2p-pusher>`. */
export function useTalkPusher(): TalkPusher | null {
  const { clock, log } = useIotVideo();
  const [pusher] = useState(
    () =>
      new PluginPusher({
        clock,
        log,
        authorise: authoriseMicrophone,
        resetLocalServer: () => requirePlugin('wechat-p2p-player').resetRtmp?.(),
        tracks: { audio: true, video: false },
      }),
  );
  return pusher;
}

/** The pusher's place on the page: without a camera there is nothing to see. */
export function TalkPusherSurface({ pusher: given, settings = {} }: TalkPusherSurfaceProps) {
  const pusher = given as PluginPusher;
  const [view, setView] = useState<PusherView>({ instance: null, profile: 'high' });
  useEffect(() => {
    pusher.open(setView);
    return () => pusher.close();
  }, [pusher]);

  if (view.instance === null) return null;
  return (
    // Each event twice: the attribute is what the template binds, the handler what React calls.
    <p2p-pusher
      key={view.instance}
      class="iot-talk__pusher"
      // Known to the kit's Taro plugin, or a spread would be lost.
      {...TALK_SETTINGS}
      {...settings}
      {...BITRATES[view.profile]}
      enableCamera={false}
      acceptLivePusherEvents={ACCEPTED}
      bindpusherReady=""
      onPusherReady={(event) => pusher.onReady(event.detail)}
      bindpusherStartPush=""
      onPusherStartPush={() => pusher.onStartPush()}
      bindpusherFlvHeader=""
      onPusherFlvHeader={(event) => pusher.onFlvHeader(event.detail)}
      bindpusherFlvAudioTag=""
      onPusherFlvAudioTag={(event) => pusher.onFlvTag(event.detail)}
      bindpusherFlvVideoTag=""
      onPusherFlvVideoTag={(event) => pusher.onFlvTag(event.detail)}
      bindpusherFlvDataTag=""
      onPusherFlvDataTag={(event) => pusher.onFlvTag(event.detail)}
      bindpusherClose=""
      onPusherClose={(event) => pusher.onPusherClose(event.detail)}
      bindpusherError=""
      onPusherError={(event) => pusher.onPusherError(event.detail)}
      onError={(event) => pusher.onNativeError(event.detail)}
      onStatechange={(event) => pusher.onStateChange(event.detail)}
      onNetstatus={(event) => pusher.onNetStatus(event.detail)}
    />
  );
}

type NativeEvent<Detail> = (event: { readonly detail: Detail }) => void;

interface P2PPusherProps extends PusherSettings {
  readonly enableCamera: boolean;
  readonly class: string;
  readonly acceptLivePusherEvents: Readonly<Record<string, boolean>>;
  readonly bindpusherReady: '';
  readonly onPusherReady: NativeEvent<PusherReadyDetail>;
  readonly bindpusherStartPush: '';
  readonly onPusherStartPush: NativeEvent<unknown>;
  readonly bindpusherFlvHeader: '';
  readonly onPusherFlvHeader: NativeEvent<PusherFlvDetail>;
  readonly bindpusherFlvAudioTag: '';
  readonly onPusherFlvAudioTag: NativeEvent<PusherFlvDetail>;
  readonly bindpusherFlvVideoTag: '';
  readonly onPusherFlvVideoTag: NativeEvent<PusherFlvDetail>;
  readonly bindpusherFlvDataTag: '';
  readonly onPusherFlvDataTag: NativeEvent<PusherFlvDetail>;
  readonly bindpusherClose: '';
  readonly onPusherClose: NativeEvent<PusherCloseDetail>;
  readonly bindpusherError: '';
  readonly onPusherError: NativeEvent<PusherCloseDetail>;
  readonly onError: NativeEvent<PusherErrorDetail>;
  readonly onStatechange: NativeEvent<PusherStateDetail>;
  readonly onNetstatus: NativeEvent<unknown>;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how React learns of a tag
  namespace JSX {
    interface IntrinsicElements {
      'p2p-pusher': P2PPusherProps & { readonly key: number };
    }
  }
}
