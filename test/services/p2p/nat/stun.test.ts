import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { formatIpAddress } from '../../../../services/host';
import {
  STUN_BINDING,
  StunAttributeType,
  decodeStunMessage,
  encodeBindingError,
  encodeBindingRequest,
  encodeBindingSuccess,
  isStunMessage,
  verifyMessageIntegrity,
} from '../../../../services/p2p/nat';
import type { StunMessage } from '../../../../services/p2p/nat';
import {
  SAMPLE_IPV4_RESPONSE,
  SAMPLE_IPV6_RESPONSE,
  SAMPLE_LONG_TERM_REQUEST,
  SAMPLE_REQUEST,
  SHORT_TERM_PASSWORD,
} from './vectors/rfc5769';

const text = (message: StunMessage, type: number): string | undefined => {
  const found = message.attributes.find((attribute) => attribute.type === type);
  return found && Buffer.from(found.value).toString();
};
const key = (password: string): Uint8Array => new Uint8Array(Buffer.from(password));
const transactionId = Uint8Array.from({ length: 12 }, (_, i) => i + 1);
const PRIORITY = 0x0024;
const ICE_CONTROLLED = 0x8029;

/** A message with one attribute more before its end, and the length to match. */
function withAttribute(message: Uint8Array, type: number, value: Uint8Array): Uint8Array {
  const padded = value.length + (-value.length & 3);
  const out = Buffer.concat([message, Buffer.alloc(4 + padded)]);
  out.writeUInt16BE(type, message.length);
  out.writeUInt16BE(value.length, message.length + 2);
  out.set(value, message.length + 4);
  out.writeUInt16BE(out.length - 20, 2);
  return new Uint8Array(out);
}

describe('the vectors of RFC 5769', () => {
  const all = [
    SAMPLE_REQUEST,
    SAMPLE_IPV4_RESPONSE,
    SAMPLE_IPV6_RESPONSE,
    SAMPLE_LONG_TERM_REQUEST,
  ];

  it('§2.1: a request with short-term authentication', () => {
    const message = decodeStunMessage(SAMPLE_REQUEST.message)!;
    expect(message).toMatchObject({
      method: STUN_BINDING,
      messageClass: 'request',
      transactionId: SAMPLE_REQUEST.transactionId,
      software: SAMPLE_REQUEST.software,
      hasFingerprint: true,
      // PRIORITY is ICE's, which this codec does not speak.
      unknownRequired: [PRIORITY],
      mappedAddress: null,
      errorCode: null,
    });
    expect(text(message, StunAttributeType.Username)).toBe(SAMPLE_REQUEST.username);
    const value = (type: number) => message.attributes.find((a) => a.type === type)!.value;
    expect(value(PRIORITY)).toEqual(SAMPLE_REQUEST.priority);
    expect(value(ICE_CONTROLLED)).toEqual(SAMPLE_REQUEST.iceControlled);
    expect(verifyMessageIntegrity(SAMPLE_REQUEST.message, key(SHORT_TERM_PASSWORD))).toBe(true);
  });

  it.each([
    ['§2.2: an IPv4 response', SAMPLE_IPV4_RESPONSE],
    ['§2.3: an IPv6 response', SAMPLE_IPV6_RESPONSE],
  ])('%s', (_, sample) => {
    expect(decodeStunMessage(sample.message)).toMatchObject({
      method: STUN_BINDING,
      messageClass: 'success',
      transactionId: sample.transactionId,
      software: sample.software,
      mappedAddress: sample.mappedAddress,
      hasFingerprint: true,
      unknownRequired: [],
    });
    expect(verifyMessageIntegrity(sample.message, key(SHORT_TERM_PASSWORD))).toBe(true);
  });

  it('§2.4: a request with long-term authentication', () => {
    const { message, username, realm, password, nonce } = SAMPLE_LONG_TERM_REQUEST;
    const decoded = decodeStunMessage(message)!;
    expect(decoded).toMatchObject({
      messageClass: 'request',
      transactionId: SAMPLE_LONG_TERM_REQUEST.transactionId,
      hasFingerprint: false,
      unknownRequired: [],
    });
    expect(text(decoded, StunAttributeType.Username)).toBe(username);
    expect(text(decoded, StunAttributeType.Realm)).toBe(realm);
    expect(text(decoded, StunAttributeType.Nonce)).toBe(nonce);
    const md5 = createHash('md5').update(`${username}:${realm}:${password}`).digest();
    expect(verifyMessageIntegrity(message, md5)).toBe(true);
  });

  it('fail with another key, and with any bit changed', () => {
    for (const { message } of all) {
      expect(verifyMessageIntegrity(message, key('another'))).toBe(false);
    }
    const { message } = SAMPLE_IPV4_RESPONSE;
    for (let bit = 0; bit < message.length * 8; bit++) {
      const changed = message.slice();
      changed[bit >> 3]! ^= 1 << (bit & 7);
      // A changed type or length may hide the fingerprint, but never make another one right.
      expect(decodeStunMessage(changed)?.hasFingerprint ?? false).toBe(false);
    }
  });

  it('are reproduced by the encoder but for their padding with spaces', () => {
    for (const { mappedAddress, software, transactionId: id } of [
      SAMPLE_IPV4_RESPONSE,
      SAMPLE_IPV6_RESPONSE,
    ]) {
      const made = encodeBindingSuccess({ transactionId: id, mappedAddress, software });
      expect(decodeStunMessage(made)).toMatchObject({ mappedAddress, software, transactionId: id });
    }
    const { message } = SAMPLE_IPV6_RESPONSE;
    const made = encodeBindingSuccess(SAMPLE_IPV6_RESPONSE);
    expect(Buffer.from(made.subarray(20, 44))).toEqual(Buffer.from(message.subarray(36, 60)));
  });
});

describe('the STUN codec', () => {
  const ids = fc.uint8Array({ minLength: 12, maxLength: 12 });
  const addresses = fc.record({
    address: fc
      .oneof(
        fc.uint8Array({ minLength: 4, maxLength: 4 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
      )
      .map((bytes) => formatIpAddress(bytes)),
    port: fc.integer({ min: 1, max: 65_535 }),
  });
  const software = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined });
  const family = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4');

  it('reads back the requests that it writes', () => {
    fc.assert(
      fc.property(ids, software, fc.boolean(), (id, name, fingerprint) => {
        const packet = encodeBindingRequest({ transactionId: id, software: name, fingerprint });
        expect(isStunMessage(packet)).toBe(true);
        expect(decodeStunMessage(packet)).toMatchObject({
          method: STUN_BINDING,
          messageClass: 'request',
          transactionId: id,
          software: name ?? null,
          hasFingerprint: fingerprint,
        });
      }),
    );
  });

  it('reads back the responses that it writes', () => {
    const responses = fc.record({
      transactionId: ids,
      mappedAddress: addresses,
      otherAddress: fc.option(addresses, { nil: undefined }),
      software,
      fingerprint: fc.boolean(),
    });
    fc.assert(
      fc.property(responses, (response) => {
        const { mappedAddress, otherAddress } = response;
        expect(decodeStunMessage(encodeBindingSuccess(response))).toMatchObject({
          messageClass: 'success',
          mappedAddress: { ...mappedAddress, family: family(mappedAddress.address) },
          otherAddress: otherAddress
            ? { ...otherAddress, family: family(otherAddress.address) }
            : null,
          hasFingerprint: response.fingerprint,
        });
      }),
    );
  });

  it('reads back the errors that it writes', () => {
    const packet = encodeBindingError({
      transactionId,
      code: 420,
      reason: 'Unbekanntes Attribut ü',
      unknownAttributes: [0x0003, 0x7fff],
      fingerprint: true,
    });
    const message = decodeStunMessage(packet)!;
    expect(message).toMatchObject({
      messageClass: 'error',
      errorCode: { code: 420, reason: 'Unbekanntes Attribut ü' },
    });
    const list = message.attributes.find((a) => a.type === StunAttributeType.UnknownAttributes)!;
    expect([...list.value]).toEqual([0, 3, 0x7f, 0xff]);
  });

  it('refuses to write nonsense', () => {
    const mappedAddress = { address: 'localhost', port: 1 };
    expect(() => encodeBindingSuccess({ transactionId, mappedAddress })).toThrow(RangeError);
    expect(() => encodeBindingRequest({ transactionId: new Uint8Array(11) })).toThrow(RangeError);
    expect(() => encodeBindingError({ transactionId, code: 700 })).toThrow(RangeError);
    expect(() => encodeBindingRequest({ transactionId, software: 'x'.repeat(128) })).toThrow(
      RangeError,
    );
  });

  it('reads MAPPED-ADDRESS where there is nothing better', () => {
    const plain = Uint8Array.of(0, 1, 0x12, 0x34, 192, 0, 2, 9);
    const base = decodeStunMessage(
      withAttribute(
        Uint8Array.from([...encodeBindingRequest({ transactionId })].fill(1, 0, 2)),
        StunAttributeType.MappedAddress,
        plain,
      ),
    )!;
    expect(base).toMatchObject({
      messageClass: 'success',
      mappedAddress: { family: 'ipv4', address: '192.0.2.9', port: 0x1234 },
    });
    const better = withAttribute(
      encodeBindingSuccess({ transactionId, mappedAddress: { address: '192.0.2.1', port: 5 } }),
      StunAttributeType.MappedAddress,
      plain,
    );
    expect(decodeStunMessage(better)!.mappedAddress).toMatchObject({ address: '192.0.2.1' });
  });

  it('tells classes and methods apart', () => {
    const read = (type: number) => {
      const packet = encodeBindingRequest({ transactionId });
      packet[0] = type >> 8;
      packet[1] = type;
      return decodeStunMessage(packet);
    };
    expect(read(0x0011)).toMatchObject({ method: 1, messageClass: 'indication' });
    expect(read(0x0111)).toMatchObject({ method: 1, messageClass: 'error' });
    // TURN's Allocate, and the largest method there can be.
    expect(read(0x0103)).toMatchObject({ method: 3, messageClass: 'success' });
    expect(read(0x3eef)).toMatchObject({ method: 0xfff, messageClass: 'request' });
    expect(read(0x4001)).toBeNull();
  });

  it('ignores what stands behind MESSAGE-INTEGRITY', () => {
    const { message } = SAMPLE_LONG_TERM_REQUEST;
    const forged = Uint8Array.of(0, 1, 0x12, 0x34, 192, 0, 2, 9);
    const decoded = decodeStunMessage(
      withAttribute(message, StunAttributeType.MappedAddress, forged),
    )!;
    expect(decoded.mappedAddress).toBeNull();
    expect(decoded.attributes).toHaveLength(4);
  });

  it.each<[string, (good: Uint8Array) => Uint8Array]>([
    ['is cut short', (good) => good.subarray(0, -4)],
    ['is longer than it says', (good) => Uint8Array.from([...good, 0, 0, 0, 0])],
    ['has another cookie', (good) => Uint8Array.from(good, (byte, at) => (at === 4 ? 0 : byte))],
    ['has a length that is no multiple of 4', (good) => good.subarray(0, -1)],
    [
      'has an attribute that ends beyond it',
      (good) =>
        withAttribute(good, 0x8001, new Uint8Array(8)).map((b, at, all) =>
          at === all.length - 9 ? 200 : b,
        ),
    ],
    [
      'has too many attributes',
      (good) => {
        let all = good;
        for (let i = 0; i < 65; i++) all = withAttribute(all, 0x8001, new Uint8Array(0));
        return all;
      },
    ],
    ['is too large', (good) => withAttribute(good, 0x8001, new Uint8Array(1500))],
    [
      'has an address of no family',
      (good) => withAttribute(good, 0x0001, new Uint8Array(8).fill(3)),
    ],
    [
      'has an address of the wrong size',
      (good) => withAttribute(good, 0x0001, Uint8Array.of(0, 2, 1, 1, 1, 1, 1, 1)),
    ],
    [
      'has an address without a port',
      (good) => withAttribute(good, 0x802c, Uint8Array.of(0, 1, 0, 0, 1, 1, 1, 1)),
    ],
    ['has an empty address', (good) => withAttribute(good, 0x0001, new Uint8Array(0))],
    [
      'has an error code that is none',
      (good) => withAttribute(good, 0x0009, Uint8Array.of(0, 0, 7, 0)),
    ],
    [
      'has an error code that is too short',
      (good) => withAttribute(good, 0x0009, new Uint8Array(3)),
    ],
    [
      'has a software name that is too long',
      (good) => withAttribute(good, 0x8022, new Uint8Array(764)),
    ],
    [
      'goes on after its fingerprint',
      (good) =>
        withAttribute(
          encodeBindingRequest({ transactionId: good.subarray(8, 20), fingerprint: true }),
          0x8001,
          new Uint8Array(0),
        ),
    ],
    [
      'has a fingerprint of the wrong size',
      (good) => withAttribute(good, 0x8028, new Uint8Array(8)),
    ],
    ['is empty', () => new Uint8Array(0)],
  ])('refuses a message that %s', (_, spoil) => {
    const good = encodeBindingRequest({ transactionId });
    expect(decodeStunMessage(good)).not.toBeNull();
    expect(decodeStunMessage(spoil(good))).toBeNull();
  });

  it('survives hostile bytes', () => {
    const attributes = fc.array(
      fc.record({
        type: fc.oneof(
          fc.constantFrom(...Object.values(StunAttributeType)),
          fc.integer({ min: 0, max: 0xffff }),
        ),
        value: fc.uint8Array({ maxLength: 40 }),
      }),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(attributes, fc.uint8Array({ maxLength: 30 }), (list, noise) => {
        let packet = encodeBindingRequest({ transactionId });
        for (const { type, value } of list) packet = withAttribute(packet, type, value);
        decodeStunMessage(packet);
        verifyMessageIntegrity(packet, key('k'));
        packet.set(noise.subarray(0, packet.length), 0);
        decodeStunMessage(packet);
        verifyMessageIntegrity(packet, key('k'));
        expect(decodeStunMessage(noise)).toBeNull();
        expect(verifyMessageIntegrity(noise, key('k'))).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});
