import { randomBytes } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import {
  decodeRelayMessage,
  encodeRelayMessage,
  relayProof,
} from '../../../services/p2p/transport';
import type { RelayMessage } from '../../../services/p2p/transport';

/** A peer's key and the proof it gives, apart from any socket. */
export class RelayPeer {
  readonly privateKey = new Uint8Array(randomBytes(32));
  readonly key = x25519.getPublicKey(this.privateKey);

  auth(challenge: RelayMessage, authority: string): Uint8Array {
    if (challenge.type !== 'challenge') throw new Error(`expected a challenge: ${challenge.type}`);
    const mac = relayProof({
      privateKey: this.privateKey,
      remoteKey: challenge.relayKey,
      peerKey: this.key,
      nonce: challenge.nonce,
      authority,
    });
    return encodeRelayMessage({ type: 'auth', peerKey: this.key, mac });
  }

  packetTo(destination: RelayPeer, packet: Uint8Array): Uint8Array {
    return encodeRelayMessage({ type: 'packet', peerKey: destination.key, packet });
  }
}

export function decode(message: Uint8Array): RelayMessage {
  const decoded = decodeRelayMessage(message);
  if (!decoded) throw new Error('the relay sent a malformed message');
  return decoded;
}
