import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { hexToBytes, bytesToHex } from '@noble/hashes/utils.js';
import fc from 'fast-check';
import { nobleCrypto } from '../../../../services/host';
import type { Crypto } from '../../../../services/host';
import { createNodeCrypto } from '../../../../services/host/node/node-crypto';
import { keyPairOf, NoiseInitiator, NoiseResponder } from '../../../../services/p2p/session/noise';
import vector from './vectors/noise-ikpsk2.json';

const prologue = hexToBytes(vector.init_prologue);
const psk = hexToBytes(vector.init_psk);

interface Overrides {
  readonly psk?: Uint8Array;
  readonly prologue?: Uint8Array;
  readonly crypto?: Crypto;
}

function initiator(overrides: Overrides = {}): NoiseInitiator {
  return new NoiseInitiator({
    prologue,
    psk,
    staticKey: keyPairOf(hexToBytes(vector.init_static)),
    ephemeralKey: keyPairOf(hexToBytes(vector.init_ephemeral)),
    remoteStatic: hexToBytes(vector.init_remote_static),
    ...overrides,
  });
}

function responder(overrides: Overrides = {}): NoiseResponder {
  return new NoiseResponder({
    prologue,
    psk,
    staticKey: keyPairOf(hexToBytes(vector.resp_static)),
    ephemeralKey: keyPairOf(hexToBytes(vector.resp_ephemeral)),
    ...overrides,
  });
}

const message = (index: number) => vector.messages[index]!;

describe.each([
  ['nobleCrypto', nobleCrypto],
  ['createNodeCrypto', createNodeCrypto()],
])('Noise_IKpsk2 with %s against the published vector', (_name, crypto) => {
  it('writes and reads messages 1 and 2 and derives the traffic keys', () => {
    const viewer = initiator({ crypto });
    const camera = responder({ crypto });
    const first = viewer.writeMessage1(() => hexToBytes(message(0).payload));
    expect(bytesToHex(first)).toBe(message(0).ciphertext);
    const read = camera.readMessage1(first);
    expect(bytesToHex(read.payload)).toBe(message(0).payload);
    expect(bytesToHex(read.remoteStatic)).toBe(
      bytesToHex(keyPairOf(hexToBytes(vector.init_static)).publicKey),
    );
    const second = camera.writeMessage2(hexToBytes(message(1).payload));
    expect(bytesToHex(second.message)).toBe(message(1).ciphertext);
    const answer = viewer.readMessage2(second.message);
    expect(bytesToHex(answer.payload)).toBe(message(1).payload);
    expect(answer.keys).toEqual(second.keys);

    const sealed = (key: Uint8Array, counter: number, payload: string) => {
      const nonce = new Uint8Array(12);
      nonce[4] = counter;
      return bytesToHex(chacha20poly1305(key, nonce).encrypt(hexToBytes(payload)));
    };
    const { initiatorKey, responderKey } = answer.keys;
    expect(sealed(initiatorKey, 0, message(2).payload)).toBe(message(2).ciphertext);
    expect(sealed(responderKey, 0, message(3).payload)).toBe(message(3).ciphertext);
    expect(sealed(initiatorKey, 1, message(4).payload)).toBe(message(4).ciphertext);
    expect(sealed(responderKey, 1, message(5).payload)).toBe(message(5).ciphertext);
  });
});

describe('a Noise handshake', () => {
  it('fails at message 2 when the sides hold different secrets', () => {
    const viewer = initiator({ psk: new Uint8Array(32) });
    const camera = responder();
    camera.readMessage1(viewer.writeMessage1(() => new Uint8Array(1)));
    const { message: second } = camera.writeMessage2(new Uint8Array(0));
    expect(() => viewer.readMessage2(second)).toThrow();
  });

  it('fails at message 1 when the prologue differs', () => {
    const viewer = initiator({ prologue: Uint8Array.of(1) });
    const first = viewer.writeMessage1(() => new Uint8Array(1));
    expect(() => responder().readMessage1(first)).toThrow();
  });

  it('shares exported keys after message 1, one per label', () => {
    const viewer = initiator();
    const camera = responder();
    camera.readMessage1(viewer.writeMessage1(() => new Uint8Array(1)));
    expect(viewer.exportKey('a')).toEqual(camera.exportKey('a'));
    expect(viewer.exportKey('a')).not.toEqual(viewer.exportKey('b'));
  });

  it('refuses every message 1 with a flipped bit', () => {
    const first = initiator().writeMessage1(() => new Uint8Array(8));
    fc.assert(
      fc.property(fc.nat(first.length * 8 - 1), (bit) => {
        const forged = first.slice();
        forged[bit >> 3]! ^= 1 << (bit & 7);
        // The top bit of an X25519 key is ignored (RFC 7748 §5), yet the transcript covers it.
        expect(() => responder().readMessage1(forged)).toThrow();
      }),
      { numRuns: 50 },
    );
  });
});
