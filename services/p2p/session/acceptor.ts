import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { nobleCrypto } from '../../host';
import type { Crypto, Random } from '../../host';
import { equalBytes } from './bytes';
import {
  accessProof,
  PROLOGUE,
  PROTOCOL_VERSION,
  pskOf,
  readMessage1Payload,
  REFUSAL_KEY_LABEL,
  sealRefusal,
  writeMessage2Payload,
} from './handshake';
import { keyPairOf, NOISE_KEY_BYTES, NoiseResponder } from './noise';
import type { KeyPair, TrafficKeys } from './noise';
import {
  buildPacket,
  CONNECTION_ID_BYTES,
  MAX_PACKET_BYTES,
  packetBody,
  PacketType,
  RESET_TOKEN_BYTES,
} from './packet';
import { TransportErrorCode } from './transport-error';
import { encodeUtf8 } from '../../encoding';

/** How far a viewer's clock may be off; beyond it the camera tells its own and the viewer tries again. */
const CLOCK_TOLERANCE_MS = 60_000;
/** Messages 1 remembered against replay; beyond it new sessions are refused until old ones expire. */
const MAX_REMEMBERED = 4096;

export interface AcceptorOptions {
  readonly random: Random;
  readonly staticKey: KeyPair;
  readonly accessSecret: Uint8Array;
  /** The camera's wall clock when it started, unix ms: older messages 1 may be replays it has forgotten. */
  readonly startedAtMs: number;
  /** The host's, if it has one. */
  readonly crypto?: Crypto | undefined;
}

/** A message 1 that holds: everything a session needs to start. */
export interface AcceptedInitial {
  readonly kind: 'accepted';
  readonly keys: TrafficKeys;
  readonly peerKey: Uint8Array;
  readonly remoteConnectionId: Uint8Array;
  readonly localConnectionId: Uint8Array;
  /** Frames that rode in message 1. */
  readonly early: Uint8Array;
  /** Message 2; sent again whenever the viewer repeats its message 1. */
  readonly response: Uint8Array;
}

export type AcceptResult =
  | AcceptedInitial
  /** Sent once before: the viewer missed message 2. */
  | {
      readonly kind: 'repeated';
      readonly localConnectionId: Uint8Array;
      readonly response: Uint8Array;
    }
  | { readonly kind: 'refused'; readonly packet: Uint8Array; readonly errorCode: number }
  | { readonly kind: 'dropped' };

interface Remembered {
  readonly wallMs: number;
  readonly localConnectionId: Uint8Array;
  readonly response: Uint8Array;
}

/**
 * The responder's door: checks a message 1 before anything is allocated for it. A stranger costs two
 * Diffie-Hellman operations and no memory.
 */
export class Acceptor {
  private readonly options: AcceptorOptions;
  private readonly psk: Uint8Array;
  private readonly resetKey: Uint8Array;
  /** By ephemeral key, oldest first. */
  private readonly remembered = new Map<string, Remembered>();

  constructor(options: AcceptorOptions) {
    this.options = options;
    this.psk = pskOf(options.accessSecret, options.staticKey.publicKey);
    this.resetKey = hmac(sha256, options.staticKey.privateKey, encodeUtf8('stateless reset'));
  }

  /**
   * @param packet an Initial packet.
   * @param mayAccept false when the camera has as many sessions as it takes.
   */
  accept(packet: Uint8Array, wallMs: number, mayAccept: boolean): AcceptResult {
    if (packet.length !== MAX_PACKET_BYTES) return { kind: 'dropped' };
    const message = packetBody(packet);
    const remembered = this.remembered.get(ephemeralOf(message));
    if (remembered !== undefined) return { kind: 'repeated', ...remembered };
    const { random, staticKey, crypto = nobleCrypto } = this.options;
    const noise = new NoiseResponder({
      prologue: PROLOGUE,
      psk: this.psk,
      staticKey,
      ephemeralKey: keyPairOf(random.bytes(NOISE_KEY_BYTES), crypto),
      crypto,
    });
    const remoteConnectionId = packet.slice(1, 1 + CONNECTION_ID_BYTES);
    try {
      const { payload, remoteStatic, hash } = noise.readMessage1(message);
      const initial = readMessage1Payload(payload);
      const refusal = this.check(
        initial.version,
        initial.proof,
        initial.wallMs,
        hash,
        wallMs,
        mayAccept,
      );
      if (refusal !== null) {
        const key = noise.exportKey(REFUSAL_KEY_LABEL);
        const sealed = sealRefusal(key, remoteConnectionId, refusal, random, crypto);
        return { kind: 'refused', packet: sealed, errorCode: refusal.errorCode };
      }
      const localConnectionId = random.bytes(CONNECTION_ID_BYTES);
      const answer = noise.writeMessage2(
        writeMessage2Payload({
          connectionId: localConnectionId,
          resetToken: this.resetToken(localConnectionId),
        }),
      );
      const response = buildPacket(PacketType.Handshake, remoteConnectionId, answer.message);
      this.remembered.set(ephemeralOf(message), { wallMs, localConnectionId, response });
      return {
        kind: 'accepted',
        keys: answer.keys,
        peerKey: remoteStatic,
        remoteConnectionId,
        localConnectionId,
        early: initial.early,
        response,
      };
    } catch {
      return { kind: 'dropped' };
    }
  }

  /** A stateless reset for a packet whose connection id nobody knows (RFC 9000 §10.3). */
  statelessReset(connectionId: Uint8Array): Uint8Array {
    return buildPacket(PacketType.StatelessReset, connectionId, this.resetToken(connectionId));
  }

  private resetToken(connectionId: Uint8Array): Uint8Array {
    return hmac(sha256, this.resetKey, connectionId).slice(0, RESET_TOKEN_BYTES);
  }

  private check(
    version: number,
    proof: Uint8Array,
    viewerMs: number,
    hash: Uint8Array,
    wallMs: number,
    mayAccept: boolean,
  ): { errorCode: number; reason: string } | null {
    if (version !== PROTOCOL_VERSION) {
      return { errorCode: TransportErrorCode.VersionMismatch, reason: String(PROTOCOL_VERSION) };
    }
    if (!equalBytes(proof, accessProof(this.psk, hash))) {
      return { errorCode: TransportErrorCode.AccessDenied, reason: 'access secret is not current' };
    }
    // A clock that was set back must not lock everybody out until it reaches the start again.
    const startedAtMs = Math.min(this.options.startedAtMs, wallMs);
    const tooOld = viewerMs < Math.max(startedAtMs, wallMs - CLOCK_TOLERANCE_MS);
    if (tooOld || viewerMs > wallMs + CLOCK_TOLERANCE_MS) {
      return { errorCode: TransportErrorCode.ClockSkew, reason: String(wallMs) };
    }
    this.forgetExpired(wallMs);
    if (!mayAccept || this.remembered.size >= MAX_REMEMBERED) {
      return { errorCode: TransportErrorCode.TooManySessions, reason: 'too many sessions' };
    }
    return null;
  }

  private forgetExpired(wallMs: number): void {
    for (const [ephemeral, entry] of this.remembered) {
      // A message may be ahead of our clock by the tolerance and is valid for as long behind it.
      if (wallMs - entry.wallMs <= 2 * CLOCK_TOLERANCE_MS) return;
      this.remembered.delete(ephemeral);
    }
  }
}

function ephemeralOf(message: Uint8Array): string {
  return bytesToHex(message.subarray(0, NOISE_KEY_BYTES));
}
