/** How long a player takes from the end of each fault to the picture: real relay, camera and sockets. */
import { when } from 'mobx';
import { DeviceSessions } from '../services/device';
import { createNodeHost } from '../services/host/node';
import { createP2PModule } from '../services/p2p/module';
import { FlvFeed, PlayerController } from '../services/player';
import type { PlayerSink, PlayerSinkEvents, PlayerStore } from '../services/player';
import { Demo } from '../test/e2e/lib/demo';

const LIMIT_MS = 60_000;
const appParams = { appid: 1, appOauthId: '-', appKey: '-', appSecretKey: '-', appPackage: '-' };

/** Takes the stream apart as a surface does, and shows nothing. */
class NodeSink implements PlayerSink {
  private events: PlayerSinkEvents | null = null;
  private feed: FlvFeed | null = null;

  open(events: PlayerSinkEvents): void {
    this.events = events;
    events.onReady();
  }

  play(): void {
    let shown = false;
    this.feed = new FlvFeed({
      onBytes: () => {
        if (!shown) this.events?.onFirstFrame();
        shown = true;
      },
      onError: (error) => this.events?.onError(error),
    });
    this.events?.onStartPull();
  }

  write(chunk: ArrayBuffer): void {
    this.feed?.push(new Uint8Array(chunk));
  }

  end(): void {}
  stop(): void {
    this.feed = null;
  }
  setMuted(): void {}
  setVolume(): void {}
  close(): void {}
}

const report: [fault: string, way: string, ms: number][] = [];

const playing = (store: PlayerStore): Promise<void> =>
  when(() => store.playing, { timeout: LIMIT_MS });
const faulty = (store: PlayerStore): Promise<void> =>
  when(() => !store.playing, { timeout: LIMIT_MS });

async function measure(fault: string, way: string, work: () => Promise<void>): Promise<void> {
  const startMs = performance.now();
  await work();
  report.push([fault, way, Math.round(performance.now() - startMs)]);
}

async function run(way: 'direct' | 'relay'): Promise<void> {
  const demo = await Demo.start();
  const { openUdpSocket, ...bare } = createNodeHost();
  const host = way === 'relay' || openUdpSocket === undefined ? bare : { ...bare, openUdpSocket };
  const sessions = new DeviceSessions({ module: createP2PModule(host), appParams });
  const make = () => {
    const player = new PlayerController({ sessions, clock: host.clock, random: host.random });
    player.attachSink(new NodeSink());
    return { player, store: player.store };
  };
  const device = { id: 'demo', xp2pInfo: demo.xp2pInfo };
  const stream = { channel: 0, quality: 'high' } as const;
  const { player, store } = make();
  try {
    await measure('none: the first start', way, async () => {
      player.start({ device, stream });
      await playing(store);
    });
    await measure('none: a second player of the same stream', way, async () => {
      const other = make();
      other.player.start({ device, stream });
      await playing(other.store);
      other.player.close();
    });
    await measure('paused, and played again', way, async () => {
      player.pause();
      player.play();
      await playing(store);
    });
    await measure('another quality', way, async () => {
      player.start({ device, stream: { channel: 0, quality: 'standard' } });
      await playing(store);
    });
    await demo.killCamera();
    await faulty(store);
    await demo.startCamera();
    await measure('the camera is killed and started', way, () => playing(store));
    if (way === 'relay') {
      await demo.killRelay();
      await faulty(store);
      await demo.startRelay();
      await measure('the relay is killed and started', way, () => playing(store));
    }
  } finally {
    player.close();
    sessions.dispose();
    await demo.stop();
  }
}

async function main(): Promise<void> {
  await run('direct');
  await run('relay');
  for (const [fault, way, ms] of report) console.log(`${way.padEnd(6)}  ${fault}: ${ms} ms`);
}

main().then(
  // The demo's programs have ended; a host's sockets may still close.
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
