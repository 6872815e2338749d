import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import {
  canonicalIpAddress,
  formatIpAddress,
  formatSocketAddress,
  ipFamilyOf,
  isPort,
  parseIpAddress,
} from '../../../services/host';

describe('canonicalIpAddress', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    // RFC 5952 §1 to §5
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:db8::1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:DB8::AAAA', '2001:db8::aaaa'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['0:0:0:0:0:0:0:1', '::1'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['fe80::', 'fe80::'],
  ])('writes %s as %s', (text, canonical) => {
    expect(canonicalIpAddress(text)).toBe(canonical);
  });

  it.each([
    ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.4 ', '1..2.3', '0x1.2.3.4'],
    [
      ':',
      ':::',
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '::12345',
      'g::',
      '1:2:3:4:5:6:7:',
    ],
    ['::1.2.3', '1.2.3.4::', '::1.2.3.4:5', '1:2:3:4:5:6:7:1.2.3.4', 'fe80::1%eth0', ':1::2'],
    ['1:2:3:4:5:6:7::8:9', '1:2:3:4::5:6:7:8', 'localhost', 'x'.repeat(1e6), '1:'.repeat(1e6)],
  ])('refuses %s', (...texts) => {
    for (const text of texts) expect(canonicalIpAddress(text)).toBeNull();
  });
});

describe('parseIpAddress', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    // Groups of zeros are what canonical text is about.
    fc
      .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
      .map((groups) => Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))),
  );

  it('reads back what formatIpAddress writes', () => {
    fc.assert(
      fc.property(bytes, (address) => {
        const text = formatIpAddress(address);
        expect(parseIpAddress(text)).toEqual(address);
        expect(ipFamilyOf(text)).toBe(address.length === 4 ? 'ipv4' : 'ipv6');
        expect(address.length === 4 ? isIPv4(text) : isIPv6(text)).toBe(true);
      }),
    );
  });

  it('accepts what Node accepts, and nothing else', () => {
    const noise = fc.string({
      unit: fc.constantFrom('0', '1', '25', 'f', 'ABCD', ':', '::', '.', '1.2.3.4', 'g'),
      maxLength: 14,
    });
    fc.assert(
      fc.property(noise, (text) => {
        expect(ipFamilyOf(text)).toBe(isIPv4(text) ? 'ipv4' : isIPv6(text) ? 'ipv6' : null);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('formatIpAddress', () => {
  it('refuses other lengths', () => {
    expect(() => formatIpAddress(new Uint8Array(5))).toThrow(RangeError);
  });
});

describe('formatSocketAddress', () => {
  it('puts IPv6 into brackets', () => {
    expect(formatSocketAddress({ address: '192.0.2.1', port: 1 })).toBe('192.0.2.1:1');
    expect(formatSocketAddress({ address: '2001:db8::1', port: 2 })).toBe('[2001:db8::1]:2');
  });
});

describe('isPort', () => {
  it('knows what can be sent to', () => {
    expect([0, 1, 65_535, 65_536, -1, 1.5, NaN].map(isPort)).toEqual([
      false,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
