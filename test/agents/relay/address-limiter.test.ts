import { AddressLimiter, addressGroup } from '../../../agents/relay/address-limiter';

describe('addressGroup', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::FFFF:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', ''],
  ])('puts %s into %s', (address, group) => {
    expect(addressGroup(address)).toBe(group);
  });
});

describe('AddressLimiter', () => {
  it('limits the sockets of one address', () => {
    const limiter = new AddressLimiter(2);
    expect(limiter.acquire('192.0.2.1')).toBe(true);
    expect(limiter.acquire('::ffff:192.0.2.1')).toBe(true);
    expect(limiter.acquire('192.0.2.1')).toBe(false);
    expect(limiter.acquire('192.0.2.2')).toBe(true);
    limiter.release('192.0.2.1');
    expect(limiter.acquire('192.0.2.1')).toBe(true);
  });

  it('has no limit at 0', () => {
    const limiter = new AddressLimiter(0);
    for (let i = 0; i < 1000; i++) expect(limiter.acquire('192.0.2.1')).toBe(true);
  });
});
