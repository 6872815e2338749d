import type { CancelTimer, Clock } from '../../services/host';
import type { ImpairedLink } from './impaired-link';

/** IPv4 and TCP with timestamps. */
const HEADER_BYTES = 52;
/** The bottleneck's queue is kept this short, as a delay-based congestion control would. */
const TARGET_QUEUE_MS = 50;
const MIN_RETRANSMIT_MS = 100;
const MAX_RETRANSMIT_MS = 3000;
/** After so many losses of one message in a row nothing new is sent before it is through. */
const STALLED_AFTER_LOSSES = 3;
const GIVE_UP_AFTER_MS = 120_000;

interface Message {
  readonly number: number;
  readonly sizeBytes: number;
  readonly arrive: () => void;
  losses: number;
}

/**
 * One direction of a TCP connection with selective acknowledgements, as far as the application sees
 * it: all arrives, in order, and a loss delays what follows. It shares its link with the datagrams.
 */
export class ReliablePipe {
  private readonly clock: Clock;
  private readonly link: () => ImpairedLink | null;
  private readonly onGivenUp: () => void;
  /** Never sent so far. */
  private readonly waiting: Message[] = [];
  /** Lost, and to be sent again. */
  private readonly lost = new Set<Message>();
  /** Arrived ahead of something sent before. */
  private readonly arrived = new Map<number, Message>();
  private queuedBytes = 0;
  private nextToSend = 0;
  private nextToDeliver = 0;
  private stalledSinceMs: number | null = null;
  private cancelPump: CancelTimer | null = null;
  private closed = false;

  /** @param link what carries it at present; null while nothing does. */
  constructor(clock: Clock, link: () => ImpairedLink | null, onGivenUp: () => void) {
    this.clock = clock;
    this.link = link;
    this.onGivenUp = onGivenUp;
  }

  /** Bytes that wait at the sender. */
  get waitingBytes(): number {
    return this.queuedBytes;
  }

  send(sizeBytes: number, arrive: () => void): void {
    if (this.closed) return;
    this.waiting.push({ number: this.nextToSend++, sizeBytes, arrive, losses: 0 });
    this.queuedBytes += sizeBytes;
    this.pump();
  }

  /** Nothing arrives any more. */
  close(): void {
    this.closed = true;
    this.waiting.length = 0;
    this.queuedBytes = 0;
  }

  private pump(): void {
    if (this.cancelPump !== null) return;
    while (!this.closed && this.waiting.length > 0 && !this.isStalled()) {
      const excessMs = (this.link()?.queueMs ?? 0) - TARGET_QUEUE_MS;
      if (excessMs > 0) {
        this.cancelPump = this.clock.setTimer(Math.max(1, excessMs), () => {
          this.cancelPump = null;
          this.pump();
        });
        return;
      }
      const message = this.waiting.shift()!;
      this.queuedBytes -= message.sizeBytes;
      this.transmit(message);
    }
  }

  private isStalled(): boolean {
    for (const { losses } of this.lost) if (losses >= STALLED_AFTER_LOSSES) return true;
    return false;
  }

  private transmit(message: Message): void {
    if (this.closed) return;
    const link = this.link();
    const verdict = link?.carry(message.sizeBytes + HEADER_BYTES, () => this.onArrival(message));
    if (verdict === 'carried') {
      this.lost.delete(message);
      this.stalledSinceMs = null;
      return;
    }
    this.lost.add(message);
    const nowMs = this.clock.nowMs();
    this.stalledSinceMs ??= nowMs;
    if (nowMs - this.stalledSinceMs > GIVE_UP_AFTER_MS) {
      this.close();
      this.onGivenUp();
      return;
    }
    // About a round trip at first, and twice as long each further time.
    const firstMs = Math.max(MIN_RETRANSMIT_MS, 2 * (link?.impairment.delayMs ?? 0));
    const waitMs = Math.min(firstMs * 2 ** message.losses++, MAX_RETRANSMIT_MS);
    this.clock.setTimer(waitMs, () => {
      this.transmit(message);
      this.pump();
    });
  }

  private onArrival(message: Message): void {
    if (message.number >= this.nextToDeliver) this.arrived.set(message.number, message);
    for (;;) {
      const next = this.arrived.get(this.nextToDeliver);
      if (next === undefined || this.closed) return;
      this.arrived.delete(this.nextToDeliver++);
      next.arrive();
    }
  }
}
