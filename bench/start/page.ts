import { MseSink } from '@components/player-surface/mse-sink';
import { createH5Host } from '@services/host/h5';
import { createP2PModule } from '@services/p2p/module';

/** What the bench asks of the page, in its address. */
const query = new URLSearchParams(location.search);
const video = document.querySelector('video')!;
const canvas = document.querySelector('canvas')!;

function reportFirstFrame(): void {
  video.requestVideoFrameCallback(() => {
    document.documentElement.dataset.start = `first frame ${performance.now()}`;
  });
}

/** The kit's engine and sink, as `<IotPlayer>` uses them: link and player start at the same time. */
async function playOverEngine(xp2pInfo: string): Promise<void> {
  const sink = new MseSink(video, canvas);
  const module = createP2PModule(createH5Host());
  const ignore = () => undefined;
  await module.init({
    appParams: { appid: 1, appOauthId: '-', appKey: '-', appSecretKey: '-', appPackage: '-' },
  });
  const url = 'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live&channel=0&quality=high';
  void module.startP2PService('camera', { url, xp2pInfo }, { msgCallback: ignore });
  sink.open({
    onReady: () => sink.play(),
    onStartPull: () =>
      void module.startStream('camera', { dataCallback: (chunk) => sink.write(chunk) }),
    onFirstFrame: ignore,
    onVideoSize: ignore,
    onProgress: ignore,
    onStalled: ignore,
    onResumed: ignore,
    onBlocked: ignore,
    onMuted: ignore,
    onVisible: ignore,
    onError: (error) => {
      document.documentElement.dataset.start = `error ${error.message}`;
    },
  });
}

/** mpegts.js as its own documentation has it for a live stream. */
async function playOverHttp(url: string): Promise<void> {
  const { default: mpegts } = await import('mpegts.js');
  const player = mpegts.createPlayer(
    { type: 'flv', isLive: true, url },
    { enableStashBuffer: false, liveBufferLatencyChasing: true },
  );
  player.attachMediaElement(video);
  player.load();
  await player.play();
}

reportFirstFrame();
const xp2pInfo = query.get('xp2pInfo');
if (xp2pInfo === null) void playOverHttp(new URL('live.flv', location.href).href);
else void playOverEngine(xp2pInfo);
