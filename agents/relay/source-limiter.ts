import { addressGroup } from './address-limiter';
import { TokenBucket } from './token-bucket';
import type { TokenBucketOptions } from './token-bucket';

export interface SourceLimiterOptions {
  /** What one network address may do. */
  readonly perSource: TokenBucketOptions;
  /** What all may do together: sources can be forged, so that a limit for each alone is none. */
  readonly total: TokenBucketOptions;
  /** Addresses remembered at a time; the one that was silent longest makes room. */
  readonly maxSources: number;
}

/** Limits the rate of datagrams by the network address they seem to come from. */
export class SourceLimiter {
  /** The one that was silent longest first: whoever is heard again moves to the end. */
  private readonly buckets = new Map<string, TokenBucket>();
  private readonly total: TokenBucket;

  constructor(
    private readonly options: SourceLimiterOptions,
    nowMs: number,
  ) {
    this.total = new TokenBucket(options.total, nowMs);
  }

  get size(): number {
    return this.buckets.size;
  }

  allow(address: string, nowMs: number): boolean {
    const group = addressGroup(address);
    const bucket = this.buckets.get(group) ?? new TokenBucket(this.options.perSource, nowMs);
    this.buckets.delete(group);
    this.buckets.set(group, bucket);
    if (this.buckets.size > this.options.maxSources) {
      for (const oldest of this.buckets.keys()) {
        this.buckets.delete(oldest);
        break;
      }
    }
    return bucket.take(1, nowMs) && this.total.take(1, nowMs);
  }
}
