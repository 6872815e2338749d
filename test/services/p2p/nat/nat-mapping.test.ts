import { classifyMapping } from '../../../../services/p2p/nat';
import type { NatObservation } from '../../../../services/p2p/nat';

describe('classifyMapping', () => {
  /** `a1 61000`: the server at address a, port 1, saw port 61000. */
  const see = (...texts: string[]): NatObservation[] =>
    texts.map((text) => {
      const [server, mapped] = text.split(' ');
      return {
        target: { address: server![0]!, port: Number(server!.slice(1)) },
        mapped: {
          address: mapped!.includes('@') ? mapped! : 'public',
          port: parseInt(mapped!, 10),
        },
        rttMs: 1,
        otherAddress: null,
      };
    });

  it.each([
    ['endpoint-independent', true, ['a1 9', 'a2 9', 'b1 9', 'b2 9']],
    ['endpoint-independent', true, ['a1 9', 'b2 9']],
    ['endpoint-independent', false, ['a1 9', 'a2 9']],
    ['address-dependent', true, ['a1 9', 'a2 9', 'b1 8', 'b2 8']],
    ['address-dependent', true, ['a1 9', 'a2 9', 'b1 8']],
    ['address-dependent', false, ['a1 9', 'b1 8']],
    ['address-dependent', true, ['a1 9', 'a2 9', 'b1 9@other', 'b2 9@other']],
    ['address-and-port-dependent', true, ['a1 9', 'a2 8', 'b1 7', 'b2 6']],
    ['address-and-port-dependent', true, ['a1 9', 'a2 8']],
    ['address-and-port-dependent', true, ['a1 9', 'a2 9', 'b1 8', 'b2 7']],
    ['unknown', false, ['a1 9']],
    ['unknown', false, []],
  ] as const)('finds %s (precise: %s) in %j', (mapping, precise, observations) => {
    expect(classifyMapping(see(...observations))).toEqual({ mapping, precise });
    expect(classifyMapping(see(...observations).reverse())).toEqual({ mapping, precise });
  });
});
