export interface TokenBucketOptions {
  /** Tokens that come back per second. */
  readonly ratePerS: number;
  /** Tokens that can be saved up. */
  readonly burst: number;
}

/** Limits a rate while it lets short bursts through. Starts full. */
export class TokenBucket {
  private tokens: number;
  private updatedMs: number;

  constructor(
    private readonly options: TokenBucketOptions,
    nowMs: number,
  ) {
    this.tokens = options.burst;
    this.updatedMs = nowMs;
  }

  /** Takes `amount` tokens when there are that many; takes none otherwise. */
  take(amount: number, nowMs: number): boolean {
    const { ratePerS, burst } = this.options;
    const elapsedMs = Math.max(0, nowMs - this.updatedMs);
    this.tokens = Math.min(burst, this.tokens + (elapsedMs * ratePerS) / 1000);
    this.updatedMs = nowMs;
    if (amount > this.tokens) return false;
    this.tokens -= amount;
    return true;
  }
}
