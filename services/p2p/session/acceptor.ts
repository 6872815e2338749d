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
import type { Message1 } from './handshake';
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

/** How far a viewer's clock may be behind; beyond it the camera tells its own and the viewer tries again. */
const MAX_BEHIND_MS = 60_000;
/**
 * And how far ahead. The less the better: a camera that has restarted within this time cannot tell a
 * new message 1 from one it took before.
 */
const MAX_AHEAD_MS = 5000;
/** Messages 1 remembered against replay; beyond it new sessions are refused until old ones expire. */
const MAX_REMEMBERED = 4096;
/** Messages 1 refused for a clock that is ahead, which would be good once its time has come. */
const MAX_PREMATURE = 1024;

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

interface Refusal {
  readonly errorCode: number;
  readonly reason: string;
}

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
  /** By ephemeral key, oldest first. */
  private readonly premature = new Set<string>();
  private startedAtMs: number;

  constructor(options: AcceptorOptions) {
    this.options = options;
    this.startedAtMs = options.startedAtMs;
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
      const refusal =
        this.checkViewer(initial, hash) ??
        this.checkTime(initial.wallMs, wallMs, ephemeralOf(message)) ??
        this.checkRoom(wallMs, mayAccept);
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

  private checkViewer({ version, proof }: Message1, hash: Uint8Array): Refusal | null {
    if (version !== PROTOCOL_VERSION) {
      return { errorCode: TransportErrorCode.VersionMismatch, reason: String(PROTOCOL_VERSION) };
    }
    if (!equalBytes(proof, accessProof(this.psk, hash))) {
      return { errorCode: TransportErrorCode.AccessDenied, reason: 'access secret is not current' };
    }
    return null;
  }

  /** A message 1 is good for a while, in which it is remembered, and never again. */
  private checkTime(viewerMs: number, wallMs: number, ephemeral: string): Refusal | null {
    // A clock that was set back must not lock everybody out until it reaches the start again.
    this.startedAtMs = Math.floor(Math.min(this.startedAtMs, wallMs));
    // RFC 8446 §8.2: what might have been taken before the start is refused.
    const firstMs = this.startedAtMs + MAX_AHEAD_MS;
    const tooOld = viewerMs < Math.max(firstMs, wallMs - MAX_BEHIND_MS);
    const tooNew = viewerMs > wallMs + MAX_AHEAD_MS;
    if (!tooOld && !tooNew && !this.premature.has(ephemeral)) return null;
    if (tooNew) this.rememberPremature(ephemeral);
    return {
      errorCode: TransportErrorCode.ClockSkew,
      reason: String(Math.ceil(Math.max(wallMs, firstMs))),
    };
  }

  private checkRoom(wallMs: number, mayAccept: boolean): Refusal | null {
    this.forgetExpired(wallMs);
    if (mayAccept && this.remembered.size < MAX_REMEMBERED) return null;
    return { errorCode: TransportErrorCode.TooManySessions, reason: 'too many sessions' };
  }

  private rememberPremature(ephemeral: string): void {
    this.premature.add(ephemeral);
    if (this.premature.size <= MAX_PREMATURE) return;
    for (const oldest of this.premature) {
      this.premature.delete(oldest);
      return;
    }
  }

  private forgetExpired(wallMs: number): void {
    for (const [ephemeral, entry] of this.remembered) {
      // A message may have been ahead of our clock, and is good until it is behind it by as much.
      if (wallMs - entry.wallMs <= MAX_AHEAD_MS + MAX_BEHIND_MS) return;
      this.remembered.delete(ephemeral);
    }
  }
}

function ephemeralOf(message: Uint8Array): string {
  return bytesToHex(message.subarray(0, NOISE_KEY_BYTES));
}
