/** RFC 9002 §6.2.2: before the first sample. */
const INITIAL_RTT_MS = 333;
/** Timers coarser than this exist on no host; RFC 9002 §6.1.2 kGranularity. */
const GRANULARITY_MS = 1;

/** Round-trip estimate of one path, RFC 9002 §5. */
export class RttEstimator {
  private smoothed = INITIAL_RTT_MS;
  private variation = INITIAL_RTT_MS / 2;
  private sampled = false;
  latestMs = INITIAL_RTT_MS;
  minMs = Infinity;

  get smoothedMs(): number {
    return this.smoothed;
  }

  get hasSample(): boolean {
    return this.sampled;
  }

  /** @param ackDelayMs the peer's delay, bounded by the caller to its max_ack_delay. */
  update(latestMs: number, ackDelayMs: number): void {
    this.latestMs = latestMs;
    this.minMs = Math.min(this.minMs, latestMs);
    if (!this.sampled) {
      this.sampled = true;
      this.smoothed = latestMs;
      this.variation = latestMs / 2;
      return;
    }
    const adjusted = latestMs >= this.minMs + ackDelayMs ? latestMs - ackDelayMs : latestMs;
    this.variation = 0.75 * this.variation + 0.25 * Math.abs(this.smoothed - adjusted);
    this.smoothed = 0.875 * this.smoothed + 0.125 * adjusted;
  }

  /** Probe timeout without back-off, RFC 9002 §6.2.1. */
  ptoMs(maxAckDelayMs: number): number {
    return this.smoothed + Math.max(4 * this.variation, GRANULARITY_MS) + maxAckDelayMs;
  }
}
