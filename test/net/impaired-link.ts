import type { Clock } from '../../services/host';
import type { SeededRandom } from './seeded-random';

/** What a link does to packets; everything off by default. */
export interface Impairment {
  /** One-way delay in ms. */
  readonly delayMs?: number;
  /** Extra delay, uniform in [0, jitterMs); packets overtake each other. */
  readonly jitterMs?: number;
  /** Share of packets lost, 0 to 1. */
  readonly loss?: number;
  /** Share of packets delivered twice, 0 to 1. */
  readonly duplicate?: number;
  /** Bottleneck in bytes per ms; 0 for none. */
  readonly rate?: number;
  /** Bytes that wait at the bottleneck before packets are dropped. */
  readonly queueBytes?: number;
}

/** One direction of a simulated network path. */
export class ImpairedLink {
  private readonly clock: Clock;
  private readonly random: SeededRandom;
  private readonly deliver: (packet: Uint8Array) => void;
  private busyUntilMs = 0;
  impairment: Impairment;
  readonly counters = { sent: 0, lost: 0, overflowed: 0, delivered: 0 };

  constructor(
    clock: Clock,
    random: SeededRandom,
    impairment: Impairment,
    deliver: (packet: Uint8Array) => void,
  ) {
    this.clock = clock;
    this.random = random;
    this.impairment = impairment;
    this.deliver = deliver;
  }

  send(packet: Uint8Array): void {
    const { delayMs = 0, jitterMs = 0, loss = 0, duplicate = 0 } = this.impairment;
    this.counters.sent++;
    if (this.random.next() < loss) {
      this.counters.lost++;
      return;
    }
    const queuedMs = this.enqueue(packet.length);
    if (queuedMs === null) {
      this.counters.overflowed++;
      return;
    }
    const copies = this.random.next() < duplicate ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const wait = queuedMs + delayMs + this.random.next() * jitterMs;
      const copy = packet.slice();
      this.clock.setTimer(wait, () => {
        this.counters.delivered++;
        this.deliver(copy);
      });
    }
  }

  /** @returns ms until the packet has left the bottleneck; null when its queue is full. */
  private enqueue(bytes: number): number | null {
    const { rate = 0, queueBytes = 64 * 1024 } = this.impairment;
    if (rate === 0) return 0;
    const nowMs = this.clock.nowMs();
    const startMs = Math.max(nowMs, this.busyUntilMs);
    if ((startMs - nowMs) * rate > queueBytes) return null;
    this.busyUntilMs = startMs + bytes / rate;
    return this.busyUntilMs - nowMs;
  }
}
