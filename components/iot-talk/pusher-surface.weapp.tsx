import { useIotVideo } from '@components/provider';
import { useEffect, useRef, useState } from 'react';
import { authoriseCamera, authoriseMicrophone } from './microphone-source';
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
import type { TalkPusher, TalkPusherOptions, TalkPusherSurfaceProps } from './talk-pusher';

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
/** Of the seed, for calls with a picture. */
const CALL_SETTINGS: PusherSettings = {
  minBitrate: 200,
  maxBitrate: 600,
  aspect: '3:4',
  videoWidth: 480,
  videoHeight: 640,
};
/** For a slow network. */
const SLOW_TALK: PusherSettings = { minBitrate: 50, maxBitrate: 100 };
const SLOW_CALL: PusherSettings = { fps: 10, minBitrate: 200, maxBitrate: 400 };

function settingsOf({ video, profile }: PusherView): PusherSettings {
  const isSlow = profile === 'low';
  if (video) return { ...CALL_SETTINGS, ...(isSlow && SLOW_CALL) };
  return isSlow ? SLOW_TALK : {};
}

declare function requirePlugin(name: string): { resetRtmp?(): void };

/** Only in WeChat: its P2P-Player plugin's `<p2p-pusher>`. */
export function useTalkPusher({ isVideo }: TalkPusherOptions = {}): TalkPusher | null {
  const { clock, log } = useIotVideo();
  const latest = useRef(isVideo);
  latest.current = isVideo;
  const wantsVideo = (): boolean => latest.current?.() === true;
  const [pusher] = useState(
    () =>
      new PluginPusher({
        clock,
        log,
        authorise: async () => {
          await authoriseMicrophone();
          if (wantsVideo()) await authoriseCamera();
        },
        resetLocalServer: () => requirePlugin('wechat-p2p-player').resetRtmp?.(),
        tracks: {
          audio: true,
          get video() {
            return wantsVideo();
          },
        },
      }),
  );
  return pusher;
}

/** The pusher's place on the page: without a camera there is nothing to see. */
export function TalkPusherSurface(props: TalkPusherSurfaceProps) {
  const { pusher: given, settings = {}, className = '' } = props;
  const pusher = given as PluginPusher;
  const [view, setView] = useState<PusherView>(() => pusher.shown);
  useEffect(() => {
    pusher.open(setView);
    return () => pusher.close();
  }, [pusher]);

  if (view.instance === null) return null;
  return (
    // Each event twice: the attribute is what the template binds, the handler what React calls.
    <p2p-pusher
      key={view.instance}
      class={view.video ? className : 'iot-talk__pusher'}
      // Known to the kit's Taro plugin, or a spread would be lost.
      {...TALK_SETTINGS}
      {...settings}
      {...settingsOf(view)}
      enableCamera={view.video}
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
