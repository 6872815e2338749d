import type { Clock } from '../../services/host';
import type { SeededRandom } from './seeded-random';

/** What a link does to packets; everything off by default. */
export interface Impairment {
  /** One-way delay in ms. */
  readonly delayMs?: number;
  /** Extra delay, uniform in [0, jitterMs); packets overtake each other. */
  readonly jitterMs?: number;
  /** Packets do not overtake each other for jitter or a delay that became shorter. */
  readonly keepsOrder?: boolean;
  /** Share of packets that overtake: they skip delay and jitter, 0 to 1. */
  readonly reorder?: number;
  /** Share of packets lost, 0 to 1. */
  readonly loss?: number;
  /** Mean length of a run of lost packets (Gilbert-Elliott); 1 or less for independent losses. */
  readonly lossBurst?: number;
  /** Share of packets delivered twice, 0 to 1. */
  readonly duplicate?: number;
  /** Bottleneck in bytes per ms; 0 for none. */
  readonly rate?: number;
  /** Bytes that wait at the bottleneck before packets are dropped. */
  readonly queueBytes?: number;
  /** How long the queue may become, in ms at `rate`; the stricter of the two limits counts. */
  readonly queueMs?: number;
}

/** What became of a packet at the link's entrance. */
export type LinkVerdict = 'carried' | 'lost' | 'overflowed';

/** One direction of a simulated network path. */
export class ImpairedLink {
  private readonly clock: Clock;
  private readonly random: SeededRandom;
  private readonly deliver: (packet: Uint8Array) => void;
  private busyUntilMs = 0;
  private lastArrivalMs = 0;
  /** What travels in order, first in first out: two timers for the same time may differ by rounding. */
  private readonly inOrder: (() => void)[] = [];
  private inLossRun = false;
  impairment: Impairment;
  readonly counters = {
    sent: 0,
    lost: 0,
    overflowed: 0,
    duplicated: 0,
    reordered: 0,
    delivered: 0,
    sentBytes: 0,
    deliveredBytes: 0,
  };

  /** @param deliver takes what `send` was given; a link used through `carry` alone needs none. */
  constructor(
    clock: Clock,
    random: SeededRandom,
    impairment: Impairment,
    deliver: (packet: Uint8Array) => void = () => undefined,
  ) {
    this.clock = clock;
    this.random = random;
    this.impairment = impairment;
    this.deliver = deliver;
  }

  /** How long a packet sent now would wait before the bottleneck takes it, in ms. */
  get queueMs(): number {
    return Math.max(0, this.busyUntilMs - this.clock.nowMs());
  }

  send(packet: Uint8Array): void {
    const copy = packet.slice();
    this.carry(copy.length, () => this.deliver(copy.slice()));
  }

  /** Carries something of this size; `arrive` is called once per copy that comes through. */
  carry(sizeBytes: number, arrive: () => void): LinkVerdict {
    const { counters, impairment } = this;
    counters.sent++;
    counters.sentBytes += sizeBytes;
    if (this.loses()) {
      counters.lost++;
      return 'lost';
    }
    const queuedMs = this.enqueue(sizeBytes);
    if (queuedMs === null) {
      counters.overflowed++;
      return 'overflowed';
    }
    const copies = this.random.next() < (impairment.duplicate ?? 0) ? 2 : 1;
    counters.duplicated += copies - 1;
    for (let i = 0; i < copies; i++) {
      this.propagate(queuedMs, () => {
        counters.delivered++;
        counters.deliveredBytes += sizeBytes;
        arrive();
      });
    }
    return 'carried';
  }

  private loses(): boolean {
    const { loss = 0, lossBurst = 1 } = this.impairment;
    const roll = this.random.next();
    if (lossBurst <= 1 || loss <= 0 || loss >= 1) return roll < loss;
    const leaveRun = 1 / lossBurst;
    // So that the share of time inside runs, enter / (enter + leave), is `loss`.
    const enterRun = (leaveRun * loss) / (1 - loss);
    this.inLossRun = this.inLossRun ? roll >= leaveRun : roll < enterRun;
    return this.inLossRun;
  }

  /** Carries a copy from the bottleneck, which it leaves in `queuedMs`, to the far end. */
  private propagate(queuedMs: number, arrive: () => void): void {
    const { delayMs = 0, jitterMs = 0, keepsOrder = false, reorder = 0 } = this.impairment;
    if (reorder > 0 && this.random.next() < reorder) {
      this.counters.reordered++;
      this.clock.setTimer(queuedMs, arrive);
      return;
    }
    const waitMs = queuedMs + delayMs + this.random.next() * jitterMs;
    if (!keepsOrder) {
      this.clock.setTimer(waitMs, arrive);
      return;
    }
    const nowMs = this.clock.nowMs();
    this.lastArrivalMs = Math.max(this.lastArrivalMs, nowMs + waitMs);
    this.inOrder.push(arrive);
    this.clock.setTimer(this.lastArrivalMs - nowMs, () => this.inOrder.shift()!());
  }

  /** @returns ms until the packet has left the bottleneck; null when its queue is full. */
  private enqueue(bytes: number): number | null {
    const { rate = 0, queueBytes = 64 * 1024, queueMs = Infinity } = this.impairment;
    if (rate === 0) return 0;
    const nowMs = this.clock.nowMs();
    const startMs = Math.max(nowMs, this.busyUntilMs);
    const waitMs = startMs - nowMs;
    if (waitMs * rate > queueBytes || waitMs > queueMs) return null;
    this.busyUntilMs = startMs + bytes / rate;
    return this.busyUntilMs - nowMs;
  }
}
