import { MAX_PACKET_BYTES } from './packet';

/** Sends that a late timer may make up for; hosts' timers are coarse (4 ms in browsers). */
const BURST_MS = 8;
const MIN_BURST_BYTES = 10 * MAX_PACKET_BYTES;

/** Spreads packets over time (RFC 9002 §7.7), as a leaky bucket. */
export class Pacer {
  private budget = MIN_BURST_BYTES;
  private updatedAtMs = 0;

  /** Whether a packet may leave now. */
  canSend(rate: number | null, nowMs: number): boolean {
    this.refill(rate, nowMs);
    return rate === null || this.budget > 0;
  }

  onSent(bytes: number): void {
    this.budget -= bytes;
  }

  /** When a packet may leave, given that none may now. */
  nextSendMs(rate: number, nowMs: number): number {
    return nowMs + Math.max(1, -this.budget / rate);
  }

  private refill(rate: number | null, nowMs: number): void {
    const burst = Math.max(MIN_BURST_BYTES, (rate ?? 0) * BURST_MS);
    const earned = rate === null ? burst : (nowMs - this.updatedAtMs) * rate;
    this.budget = Math.min(burst, this.budget + Math.max(0, earned));
    this.updatedAtMs = nowMs;
  }
}
