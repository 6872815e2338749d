import { SourceLimiter } from '../../../agents/relay/source-limiter';

const create = (options: Partial<ConstructorParameters<typeof SourceLimiter>[0]> = {}) =>
  new SourceLimiter(
    {
      perSource: { ratePerS: 1, burst: 2 },
      total: { ratePerS: 100, burst: 100 },
      maxSources: 3,
      ...options,
    },
    0,
  );
const count = (limiter: SourceLimiter, address: string, nowMs: number): number => {
  let allowed = 0;
  while (limiter.allow(address, nowMs)) allowed++;
  return allowed;
};

describe('SourceLimiter', () => {
  it('limits each address, and an IPv6 subscriber as one', () => {
    const limiter = create();
    expect(count(limiter, '192.0.2.1', 0)).toBe(2);
    expect(count(limiter, '192.0.2.2', 0)).toBe(2);
    expect(count(limiter, '2001:db8::1', 0)).toBe(2);
    expect(count(limiter, '2001:db8::2', 0)).toBe(0);
    expect(count(limiter, '192.0.2.1', 1_000)).toBe(1);
  });

  it('limits all together, since sources can be forged', () => {
    const limiter = create({ total: { ratePerS: 1, burst: 5 } });
    let allowed = 0;
    for (let i = 0; i < 100; i++) if (limiter.allow(`192.0.2.${i}`, 0)) allowed++;
    expect(allowed).toBe(5);
  });

  it('forgets who was silent longest', () => {
    const limiter = create();
    for (const address of ['1.1.1.1', '2.2.2.2', '3.3.3.3', '1.1.1.1']) {
      while (limiter.allow(address, 0));
    }
    limiter.allow('4.4.4.4', 0);
    expect(limiter.size).toBe(3);
    expect(limiter.allow('1.1.1.1', 0)).toBe(false);
    expect(limiter.allow('2.2.2.2', 0)).toBe(true);
  });
});
