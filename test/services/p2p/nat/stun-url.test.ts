import { formatStunUrl, parseStunUrl } from '../../../../services/p2p/nat';

describe('parseStunUrl', () => {
  it.each([
    ['stun:192.0.2.1', { address: '192.0.2.1', port: 3478 }],
    ['stun:192.0.2.1:8700', { address: '192.0.2.1', port: 8700 }],
    ['stun:[2001:db8::1]:8700', { address: '2001:db8::1', port: 8700 }],
    ['stun:[2001:DB8::1]', { address: '2001:db8::1', port: 3478 }],
    ['STUN:Stun.Example.COM:1', { address: 'stun.example.com', port: 1 }],
  ])('reads %s', (url, server) => {
    expect(parseStunUrl(url)).toEqual(server);
  });

  it.each([
    '',
    'stun:',
    'stuns:192.0.2.1',
    'stun://192.0.2.1',
    'stun:192.0.2.1:0',
    'stun:192.0.2.1:65536',
    'stun:2001:db8::1',
    'stun:[192.0.2.1]:1',
    'stun:[1::2::3]:1',
    'stun:user@host',
    `stun:${'x'.repeat(400)}`,
  ])('refuses %s', (url) => {
    expect(parseStunUrl(url)).toBeNull();
  });

  it('reads what formatStunUrl writes', () => {
    for (const server of [
      { address: '192.0.2.1', port: 1 },
      { address: '2001:db8::1', port: 2 },
    ]) {
      expect(parseStunUrl(formatStunUrl(server))).toEqual(server);
    }
  });
});
