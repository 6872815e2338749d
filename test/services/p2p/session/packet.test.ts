import fc from 'fast-check';
import { AEAD_TAG_BYTES, nobleCrypto } from '../../../../services/host';
import { createNodeCrypto } from '../../../../services/host/node/node-crypto';
import {
  MAX_FRAMES_BYTES,
  ONE_RTT_HEADER_BYTES,
  packetNumberOf,
  PacketProtector,
  PacketType,
  readPacketHead,
} from '../../../../services/p2p/session/packet';

const KEY = new Uint8Array(32).fill(1);
const ID = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const frames = fc.uint8Array({ minLength: 1, maxLength: MAX_FRAMES_BYTES });
const pathIds = fc.integer({ min: 0, max: 0xffff_ffff });
const packetNumbers = fc.nat({ max: 2 ** 31 });

describe.each([
  ['nobleCrypto', nobleCrypto],
  ['createNodeCrypto', createNodeCrypto()],
])('PacketProtector with %s', (_name, crypto) => {
  const protector = new PacketProtector(KEY, crypto);

  it.each([
    ['sealed', false, PacketType.OneRtt],
    ['clear', true, PacketType.OneRttClear],
  ])('opens the %s packets it makes', (_kind, clear, type) => {
    fc.assert(
      fc.property(pathIds, packetNumbers, frames, (pathId, packetNumber, payload) => {
        const packet = protector.seal(ID, pathId, packetNumber, payload, clear);
        expect(packet).toHaveLength(ONE_RTT_HEADER_BYTES + payload.length + AEAD_TAG_BYTES);
        expect(readPacketHead(packet)).toEqual({ type, connectionId: ID });
        expect(packetNumberOf(packet)).toBe(packetNumber);
        expect(protector.open(packet, pathId)).toEqual(payload);
      }),
    );
  });

  it('shows the frames of a clear packet, and of no other', () => {
    const payload = Uint8Array.from({ length: 64 }, (_, i) => i);
    const body = (clear: boolean) =>
      protector.seal(ID, 0, 7, payload, clear).slice(ONE_RTT_HEADER_BYTES, -AEAD_TAG_BYTES);
    expect(body(true)).toEqual(payload);
    expect(body(false)).not.toEqual(payload);
  });

  it.each([false, true])('refuses a packet with any byte changed (clear: %s)', (clear) => {
    const packet = protector.seal(ID, 3, 7, new Uint8Array(40).fill(9), clear);
    for (let at = 0; at < packet.length; at++) {
      for (const mask of [1, 2, 0x80]) {
        const forged = packet.slice();
        forged[at]! ^= mask;
        expect(protector.open(forged, 3)).toBeNull();
      }
      expect(protector.open(packet.slice(0, at), 3)).toBeNull();
    }
    expect(protector.open(packet, 4)).toBeNull();
    expect(new PacketProtector(new Uint8Array(32), crypto).open(packet, 3)).toBeNull();
  });

  it('refuses a packet of one type as one of the other', () => {
    for (const clear of [false, true]) {
      const packet = protector.seal(ID, 0, 1, new Uint8Array(40), clear);
      packet[0] = clear ? PacketType.OneRtt : PacketType.OneRttClear;
      expect(protector.open(packet, 0)).toBeNull();
    }
  });
});
