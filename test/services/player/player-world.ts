import { DeviceSessions } from '../../../services/device';
import type { DeviceSessionsOptions } from '../../../services/device';
import type { NetworkEvent } from '../../../services/host';
import { encodeFlvHeader, encodeFlvTag } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { PlayerController } from '../../../services/player';
import type { LiveStream, PlayerControllerOptions } from '../../../services/player';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule } from '../../standins/fake-p2p-module';
import { FakeSink } from '../../standins/fake-sink';

export const DEVICE = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
export const HIGH: LiveStream = { channel: 0, quality: 'high' };
export const STANDARD: LiveStream = { channel: 0, quality: 'standard' };
const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };

/** Lets promises that are already settled call back. */
export const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

export const frame = (timestampMs: number, isKey: boolean): FlvTag => ({
  type: 'video',
  timestampMs,
  data: Uint8Array.of(isKey ? 0x17 : 0x27, 1, 0, 0, 0, 7),
});

/** A clock that knows how many timers wait. */
class CountingClock extends VirtualClock {
  private readonly waiting = new Set<object>();

  get pendingTimers(): number {
    return this.waiting.size;
  }

  override setTimer(delayMs: number, callback: () => void) {
    const token = {};
    this.waiting.add(token);
    const cancel = super.setTimer(delayMs, () => {
      this.waiting.delete(token);
      callback();
    });
    return () => {
      this.waiting.delete(token);
      cancel();
    };
  }
}

/** Players of one page: a virtual clock, one module, a network that the test changes. */
export class PlayerWorld {
  readonly clock = new CountingClock();
  readonly module = new FakeP2PModule();
  readonly listeners = new Set<(event: NetworkEvent) => void>();
  readonly sessions: DeviceSessions;

  constructor(options: Partial<DeviceSessionsOptions> = {}) {
    this.sessions = new DeviceSessions({
      module: this.module,
      appParams,
      network: {
        localAddresses: () => Promise.resolve([]),
        subscribe: (listener) => {
          this.listeners.add(listener);
          return () => this.listeners.delete(listener);
        },
      },
      ...options,
    });
  }

  network(event: NetworkEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }

  player(options: Partial<PlayerControllerOptions> = {}) {
    const { sessions, clock } = this;
    const player = new PlayerController({
      sessions,
      clock,
      random: new SeededRandom(1),
      ...options,
    });
    const sink = new FakeSink();
    sink.auto = true;
    player.attachSink(sink);
    return { player, sink, store: player.store };
  }

  /** A player that shows a picture. */
  async playing(options: Partial<PlayerControllerOptions> = {}, module = this.module) {
    const parts = this.player(options);
    parts.player.start({ device: DEVICE, stream: HIGH });
    await settled();
    module.service('door').resolve();
    await settled();
    this.header(module);
    parts.sink.events!.onFirstFrame();
    return parts;
  }

  /** The head of a stream and its first keyframe. */
  header(module = this.module): void {
    module.notify('door', 'request');
    module.notify('door', 'parsed', { status: 200, headers: {} });
    const head = encodeFlvHeader({ hasAudio: false, hasVideo: true });
    module.data('door', head.slice().buffer);
    module.data('door', encodeFlvTag(frame(0, true)).slice().buffer);
  }

  /** Plays a stream on: 25 pictures a second, a keyframe each `keyframeMs`. */
  stream(fromMs: number, forMs: number, keyframeMs: number, module = this.module): void {
    for (let atMs = 0; atMs < forMs; atMs += 40) {
      this.clock.advance(40);
      const tag = frame(fromMs + atMs, (fromMs + atMs) % keyframeMs === 0);
      module.data('door', encodeFlvTag(tag).slice().buffer);
    }
  }

  /** The streams that run, by their parameters. */
  get streams() {
    return this.module.services.get('door')?.streams ?? new Map<string, never>();
  }

  count(call: string): number {
    return this.module.calls.filter((one) => one.startsWith(call)).length;
  }
}
