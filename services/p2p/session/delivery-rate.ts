import type { SentPacket } from './sent-packet';

export interface RateSample {
  /** Bytes per ms; null when the sample says nothing. */
  readonly rate: number | null;
  readonly appLimited: boolean;
  /** `delivered` when the newest acknowledged packet left, to count rounds. */
  readonly priorDelivered: number;
}

/** Delivery-rate estimation, draft-cheng-iccrg-delivery-rate-estimation §3. */
export class DeliveryRateSampler {
  /** Bytes acknowledged so far. */
  delivered = 0;
  private deliveredAtMs = 0;
  private firstSentAtMs = 0;
  /** `delivered` at which the present application-limited phase ends; 0 outside one. */
  private appLimitedUntil = 0;

  /** The sampler's part of a `SentPacket`. */
  onSent(
    bytesInFlight: number,
    nowMs: number,
  ): Pick<SentPacket, 'delivered' | 'deliveredAtMs' | 'firstSentAtMs' | 'appLimited'> {
    if (bytesInFlight === 0) {
      this.firstSentAtMs = nowMs;
      this.deliveredAtMs = nowMs;
    }
    return {
      delivered: this.delivered,
      deliveredAtMs: this.deliveredAtMs,
      firstSentAtMs: this.firstSentAtMs,
      appLimited: this.appLimitedUntil > 0,
    };
  }

  /** The sender ran out of data while the window was open. */
  onAppLimited(bytesInFlight: number): void {
    this.appLimitedUntil = Math.max(1, this.delivered + bytesInFlight);
  }

  /** @param packets newly acknowledged, ascending, at least one. */
  onAcknowledged(packets: readonly SentPacket[], nowMs: number): RateSample {
    for (const packet of packets) this.delivered += packet.bytes;
    this.deliveredAtMs = nowMs;
    if (this.appLimitedUntil > 0 && this.delivered > this.appLimitedUntil) this.appLimitedUntil = 0;
    const newest = packets[packets.length - 1]!;
    this.firstSentAtMs = newest.sentAtMs;
    const sendElapsed = newest.sentAtMs - newest.firstSentAtMs;
    const ackElapsed = nowMs - newest.deliveredAtMs;
    const interval = Math.max(sendElapsed, ackElapsed);
    return {
      rate: interval > 0 ? (this.delivered - newest.delivered) / interval : null,
      appLimited: newest.appLimited,
      priorDelivered: newest.delivered,
    };
  }
}
