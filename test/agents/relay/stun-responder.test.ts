import fc from 'fast-check';
import { answerStunRequest, readStunRequest } from '../../../agents/relay/stun-responder';
import type { StunAnswer } from '../../../agents/relay/stun-responder';
import type { SocketAddress } from '../../../services/host';
import {
  decodeStunMessage,
  encodeBindingRequest,
  encodeBindingSuccess,
} from '../../../services/p2p/nat';

const transactionId = new Uint8Array(12).fill(9);
const FROM: SocketAddress = { address: '192.0.2.7', port: 4_000 };
const FROM_V6: SocketAddress = { address: '2001:db8::7', port: 4_000 };
const OTHER: SocketAddress = { address: '203.0.113.9', port: 3_479 };
const OTHER_V6: SocketAddress = { address: '2001:db8:1::9', port: 3_479 };

const answer = (packet: Uint8Array, from: SocketAddress, other?: SocketAddress): StunAnswer => {
  const request = readStunRequest(packet);
  if (typeof request === 'string') throw new Error(request);
  return answerStunRequest(request, packet.length, from, other)!;
};
const onTheWire = (packet: Uint8Array, from: SocketAddress): number =>
  packet.length + (from.address.includes(':') ? 48 : 28);

describe('readStunRequest', () => {
  const request = encodeBindingRequest({ transactionId, fingerprint: true });
  const withType = (high: number, low: number): Uint8Array =>
    Uint8Array.from(encodeBindingRequest({ transactionId }), (byte, at) => [high, low][at] ?? byte);

  it('accepts Binding requests', () => {
    expect(readStunRequest(request)).toMatchObject({ transactionId });
  });

  it.each([
    ['nothing', new Uint8Array(0), 'not-stun'],
    ['a packet of the engine', new Uint8Array(1200).fill(4), 'not-stun'],
    ['a DNS query', Uint8Array.from({ length: 32 }, (_, i) => i), 'not-stun'],
    [
      'a request of RFC 3489',
      Uint8Array.of(0, 1, 0, 0, ...new Array<number>(16).fill(7)),
      'not-stun',
    ],
    [
      'a request with a wrong fingerprint',
      Uint8Array.from([...request.subarray(0, -1), 0]),
      'not-a-request',
    ],
    ['a response', encodeBindingSuccess({ transactionId, mappedAddress: FROM }), 'not-a-request'],
    ['an indication', withType(0x00, 0x11), 'not-a-request'],
    ['a request of TURN', withType(0x00, 0x03), 'not-a-request'],
  ])('ignores %s', (_, packet, reason) => {
    expect(readStunRequest(packet)).toBe(reason);
  });
});

describe('answerStunRequest', () => {
  it('tells where the request came from', () => {
    const made = answer(encodeBindingRequest({ transactionId }), FROM);
    expect(made.kind).toBe('success');
    expect(decodeStunMessage(made.packet)).toMatchObject({
      messageClass: 'success',
      transactionId,
      mappedAddress: FROM,
      otherAddress: null,
      software: null,
      hasFingerprint: false,
    });
  });

  it('gives a fingerprint back, and the other address where there is one', () => {
    const request = encodeBindingRequest({ transactionId, fingerprint: true });
    expect(decodeStunMessage(answer(request, FROM, OTHER).packet)).toMatchObject({
      otherAddress: OTHER,
      hasFingerprint: true,
    });
  });

  it('leaves the other address out of an answer that would amplify', () => {
    const bare = encodeBindingRequest({ transactionId });
    expect(decodeStunMessage(answer(bare, FROM_V6, OTHER_V6).packet)!.otherAddress).toBeNull();
    const long = encodeBindingRequest({ transactionId, software: 'taro-iot-video' });
    expect(decodeStunMessage(answer(long, FROM_V6, OTHER_V6).packet)).toMatchObject({
      mappedAddress: FROM_V6,
      otherAddress: OTHER_V6,
    });
  });

  it('takes the zone off a link-local address, and answers no other nonsense', () => {
    const request = encodeBindingRequest({ transactionId });
    const made = answer(request, { address: 'fe80::1%eth0', port: 5 });
    expect(decodeStunMessage(made.packet)!.mappedAddress).toMatchObject({ address: 'fe80::1' });
    expect(answer(request, { address: 'nowhere', port: 5 })).toBeNull();
  });

  it('refuses what it does not understand (RFC 8489 §6.3.1)', () => {
    // CHANGE-REQUEST of RFC 5780 §7.2, which would have another socket answer.
    const changeRequest = Uint8Array.of(0, 3, 0, 4, 0, 0, 0, 6);
    const request = Uint8Array.from([...encodeBindingRequest({ transactionId }), ...changeRequest]);
    request[3] = changeRequest.length;
    const made = answer(request, FROM);
    expect(made.kind).toBe('error');
    expect(decodeStunMessage(made.packet)).toMatchObject({
      messageClass: 'error',
      transactionId,
      errorCode: { code: 420 },
    });
  });

  it('is never more than 1.5 times the request', () => {
    const unknown = fc.array(fc.integer({ min: 0x40, max: 0x7fff }), { maxLength: 10 });
    fc.assert(
      fc.property(unknown, fc.boolean(), fc.boolean(), (types, fingerprint, isV6) => {
        const [from, other] = isV6 ? [FROM_V6, OTHER_V6] : [FROM, OTHER];
        const attributes = types.flatMap((type) => [type >> 8, type & 0xff, 0, 0]);
        const request = Uint8Array.from([
          ...encodeBindingRequest({
            transactionId,
            fingerprint: fingerprint && types.length === 0,
          }),
          ...attributes,
        ]);
        request[3]! += attributes.length;
        const made = answer(request, from, other);
        expect(onTheWire(made.packet, from)).toBeLessThanOrEqual(1.5 * onTheWire(request, from));
      }),
    );
  });
});
