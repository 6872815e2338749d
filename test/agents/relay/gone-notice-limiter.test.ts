import { GoneNoticeLimiter } from '../../../agents/relay/gone-notice-limiter';

describe('GoneNoticeLimiter', () => {
  it('allows one notice per destination and interval', () => {
    const limiter = new GoneNoticeLimiter({ intervalMs: 200 });
    expect(limiter.allow('a', 0)).toBe(true);
    expect(limiter.allow('a', 199)).toBe(false);
    expect(limiter.allow('b', 199)).toBe(true);
    expect(limiter.allow('a', 200)).toBe(true);
  });

  it('does not put the next notice off while it is asked in vain', () => {
    const limiter = new GoneNoticeLimiter({ intervalMs: 200 });
    limiter.allow('a', 0);
    limiter.allow('a', 150);
    expect(limiter.allow('a', 200)).toBe(true);
  });

  it('falls silent towards a sender that tries many destinations', () => {
    const limiter = new GoneNoticeLimiter({ intervalMs: 200, maxDestinations: 2 });
    expect(['a', 'b', 'c', 'd'].map((key) => limiter.allow(key, 0))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(limiter.allow('c', 200)).toBe(true);
  });
});
