import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { AEAD_TAG_BYTES, nobleCrypto } from '../../../services/host';
import type { Crypto } from '../../../services/host';
import { createNodeCrypto } from '../../../services/host/node/node-crypto';

const nodeCrypto = createNodeCrypto();
const BASE_POINT = Uint8Array.of(9, ...new Uint8Array(31));

/** Every u of RFC 7748 §6.1 that gives zeros, with those above 2^255 - 19 that reduce to one. */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];

function seal(
  { seal: run }: Crypto,
  [key, nonce, associatedData, plaintext]: readonly Uint8Array[],
): Uint8Array {
  const target = new Uint8Array(plaintext!.length + AEAD_TAG_BYTES);
  run(key!, nonce!, associatedData!, plaintext!, target);
  return target;
}

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe.each([
  ['nobleCrypto', nobleCrypto],
  ['createNodeCrypto', nodeCrypto],
])('%s', (_name, crypto) => {
  it.each([
    [
      'a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4',
      'e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c',
      'c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552',
    ],
    [
      '4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d',
      'e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493',
      '95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957',
    ],
  ])('computes X25519 of RFC 7748 §5.2 (%s)', (scalar, u, expected) => {
    expect(bytesToHex(crypto.x25519(hexToBytes(scalar), hexToBytes(u)))).toBe(expected);
  });

  it('computes the iterated X25519 of RFC 7748 §5.2', () => {
    let k: Uint8Array = BASE_POINT;
    let u: Uint8Array = BASE_POINT;
    for (let i = 1; i <= 1000; i++) {
      const next = crypto.x25519(k, u);
      u = k;
      k = next;
      if (i === 1) {
        expect(bytesToHex(k)).toBe(
          '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079',
        );
      }
    }
    expect(bytesToHex(k)).toBe('684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51');
  });

  it('makes the public keys of RFC 7748 §6.1', () => {
    const alice = hexToBytes('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a');
    expect(bytesToHex(crypto.x25519(alice, BASE_POINT))).toBe(
      '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a',
    );
  });

  it.each(LOW_ORDER)('refuses the low-order point %s', (u) => {
    const privateKey = new Uint8Array(32).fill(5);
    expect(() => crypto.x25519(privateKey, hexToBytes(u))).toThrow();
    const withTopBit = hexToBytes(u);
    withTopBit[31]! |= 0x80;
    expect(() => crypto.x25519(privateKey, withTopBit)).toThrow();
  });

  it('refuses keys of a wrong length', () => {
    const key = new Uint8Array(32).fill(5);
    expect(() => crypto.x25519(key.subarray(1), key)).toThrow();
    expect(() => crypto.x25519(key, key.subarray(1))).toThrow();
    expect(() => crypto.x25519(key, new Uint8Array(33).fill(5))).toThrow();
  });

  it('seals and opens RFC 8439 §2.8.2', () => {
    const key = Uint8Array.from({ length: 32 }, (_, i) => 0x80 + i);
    const nonce = hexToBytes('070000004041424344454647');
    const associatedData = hexToBytes('50515253c0c1c2c3c4c5c6c7');
    const plaintext = Uint8Array.from(
      "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
      (char) => char.charCodeAt(0),
    );
    const sealed = seal(crypto, [key, nonce, associatedData, plaintext]);
    expect(bytesToHex(sealed)).toBe(
      'd31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6' +
        '3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36' +
        '92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc' +
        '3ff4def08e4b7a9de576d26586cec64b6116' +
        '1ae10b594f09e26a7e902ecbd0600691',
    );
    expect(crypto.open(key, nonce, associatedData, sealed)).toEqual(plaintext);
  });

  it('opens nothing that is too short to hold a tag', () => {
    const key = new Uint8Array(32);
    for (const length of [0, 1, 15]) {
      const sealed = new Uint8Array(length);
      expect(crypto.open(key, new Uint8Array(12), new Uint8Array(0), sealed)).toBeNull();
    }
  });

  it('opens into memory of its own, of which slices are copies', () => {
    const parts = [32, 12, 0, 8].map((length) => new Uint8Array(length));
    const sealed = seal(crypto, parts);
    const opened = crypto.open(parts[0]!, parts[1]!, parts[2]!, sealed)!;
    expect(Object.getPrototypeOf(opened)).toBe(Uint8Array.prototype);
    const copy = opened.slice();
    opened.fill(1);
    expect(copy).toEqual(new Uint8Array(8));
  });
});

describe('the hosts’ primitives', () => {
  it('are OpenSSL’s in Node', () => {
    expect(nodeCrypto.x25519).not.toBe(nobleCrypto.x25519);
    expect(nodeCrypto.seal).not.toBe(nobleCrypto.seal);
    expect(nodeCrypto.open).not.toBe(nobleCrypto.open);
  });

  it('agree on every key', () => {
    fc.assert(
      fc.property(bytes(32), bytes(32), (privateKey, u) => {
        const secret = nobleCrypto.x25519(privateKey, u);
        expect(nodeCrypto.x25519(privateKey, u)).toEqual(secret);
      }),
      { numRuns: 50 },
    );
  });

  it('agree on every packet, and on what is no packet', () => {
    fc.assert(
      fc.property(
        bytes(32),
        bytes(12),
        fc.uint8Array({ maxLength: 1300 }),
        fc.uint8Array({ maxLength: 1300 }),
        fc.nat(),
        (key, nonce, associatedData, plaintext, bit) => {
          const sealed = seal(nobleCrypto, [key, nonce, associatedData, plaintext]);
          expect(seal(nodeCrypto, [key, nonce, associatedData, plaintext])).toEqual(sealed);
          for (const { open } of [nobleCrypto, nodeCrypto]) {
            expect(open(key, nonce, associatedData, sealed)).toEqual(plaintext);
          }
          sealed[(bit >> 3) % sealed.length]! ^= 1 << (bit & 7);
          for (const { open } of [nobleCrypto, nodeCrypto]) {
            expect(open(key, nonce, associatedData, sealed)).toBeNull();
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
