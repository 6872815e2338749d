import { TokenBucket } from '../../../agents/relay/token-bucket';

describe('TokenBucket', () => {
  it('lets a burst through, then the rate', () => {
    const bucket = new TokenBucket({ ratePerS: 100, burst: 10 }, 0);
    expect(bucket.take(10, 0)).toBe(true);
    expect(bucket.take(1, 0)).toBe(false);
    expect(bucket.take(1, 9)).toBe(false);
    expect(bucket.take(1, 10)).toBe(true);
  });

  it('saves up no more than a burst', () => {
    const bucket = new TokenBucket({ ratePerS: 100, burst: 10 }, 0);
    expect(bucket.take(11, 60_000)).toBe(false);
    expect(bucket.take(10, 60_000)).toBe(true);
  });

  it('takes nothing when there is too little', () => {
    const bucket = new TokenBucket({ ratePerS: 1, burst: 10 }, 0);
    expect(bucket.take(11, 0)).toBe(false);
    expect(bucket.take(10, 0)).toBe(true);
  });

  it('ignores a clock that runs backwards', () => {
    const bucket = new TokenBucket({ ratePerS: 1000, burst: 5 }, 1_000);
    expect(bucket.take(5, 1_000)).toBe(true);
    expect(bucket.take(1, 500)).toBe(false);
  });
});
