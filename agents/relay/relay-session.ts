import { timingSafeEqual } from 'node:crypto';
import {
  MAX_RELAY_MESSAGE_BYTES,
  RELAY_NONCE_BYTES,
  RelayRefusal,
  decodeRelayMessage,
  encodeRelayMessage,
  relayProof,
} from '../../services/p2p/transport';
import type { RelayMessage } from '../../services/p2p/transport';
import type { KeyPair } from '../../services/p2p/session';
import type { CancelTimer, Clock, Crypto, Random } from '../../services/host';
import type { ChallengeKeys } from './challenge-keys';
import { GoneNoticeLimiter } from './gone-notice-limiter';
import type { PeerRegistry } from './peer-registry';
import type { RefuseReason, RelayCounters } from './relay-counters';
import type { RelayLimits } from './relay-limits';
import { TokenBucket } from './token-bucket';

/** The socket of a peer, as the session sees it. */
export interface RelayLink {
  send(message: Uint8Array): void;
  /** Bytes that wait to be handed to the network. */
  bufferedBytes(): number;
  /** Sends what is queued, then closes. */
  close(reason: string): void;
}

/** What the sessions of one relay share. */
export interface RelayContext {
  readonly clock: Clock;
  readonly random: Random;
  readonly limits: RelayLimits;
  readonly counters: RelayCounters;
  readonly registry: PeerRegistry<RelaySession>;
  readonly challengeKeys: ChallengeKeys;
  /** The host's, if it has one. */
  readonly crypto?: Crypto;
  readonly log: (event: string, detail: Readonly<Record<string, string>>) => void;
}

type State =
  | { readonly name: 'challenged'; readonly key: KeyPair; readonly nonce: Uint8Array }
  | { readonly name: 'registered'; readonly peerKey: Uint8Array; readonly id: string }
  | { readonly name: 'closed' };

/** A burst of this much of a second's allowance passes at once: a keyframe is such a burst. */
const BURST_S = 0.25;
const LOGGED_KEY_BYTES = 6;

/** One peer's side of the relay: proves it, forwards for it, and lets it go. */
export class RelaySession {
  private state: State;
  private readonly bytes: TokenBucket;
  private readonly messages: TokenBucket;
  private readonly goneNotices = new GoneNoticeLimiter();
  private missedKeepAlives = 0;
  private cancelTimer: CancelTimer;

  /** @param authority what the peer dialled, as `relayAuthority` writes it. */
  constructor(
    private readonly context: RelayContext,
    private readonly link: RelayLink,
    private readonly authority: string,
  ) {
    const { clock, limits, random, challengeKeys } = context;
    const nowMs = clock.nowMs();
    this.bytes = new TokenBucket(
      {
        ratePerS: limits.maxBytesPerS,
        burst: Math.max(limits.maxBytesPerS * BURST_S, MAX_RELAY_MESSAGE_BYTES),
      },
      nowMs,
    );
    this.messages = new TokenBucket(
      { ratePerS: limits.maxMessagesPerS, burst: Math.max(limits.maxMessagesPerS * BURST_S, 1) },
      nowMs,
    );
    const key = challengeKeys.current();
    const nonce = random.bytes(RELAY_NONCE_BYTES);
    this.state = { name: 'challenged', key, nonce };
    this.cancelTimer = clock.setTimer(limits.proofTimeoutMs, () =>
      this.refuse('no-proof', RelayRefusal.BadProof),
    );
    this.send({ type: 'challenge', relayKey: key.publicKey, nonce });
  }

  /** Takes a message of the peer. The bytes are the session's from then on. */
  receive(message: Uint8Array): void {
    const { state } = this;
    if (state.name === 'closed') return;
    this.missedKeepAlives = 0;
    const decoded = decodeRelayMessage(message);
    if (state.name === 'challenged') {
      if (decoded?.type === 'auth') this.authenticate(state, decoded.peerKey, decoded.mac);
      else this.refuseBadMessage();
      return;
    }
    const nowMs = this.context.clock.nowMs();
    const withinRate = this.messages.take(1, nowMs) && this.bytes.take(message.length, nowMs);
    if (decoded?.type === 'packet') {
      if (!withinRate) this.context.counters.dropped.rate++;
      else this.forward(state, message, decoded.peerKey, decoded.packet.length, nowMs);
    } else if (decoded?.type !== 'keep-alive') {
      // A keep-alive is the answer to ours; answering it in turn would never end.
      this.refuseBadMessage();
    }
  }

  /** Refuses something that was not even a binary message. */
  refuseBadMessage(): void {
    this.refuse('bad-message', RelayRefusal.BadMessage);
  }

  shutDown(): void {
    this.refuse('shutting-down', RelayRefusal.ShuttingDown);
  }

  /** The socket is gone. */
  closed(): void {
    const { state } = this;
    if (state.name === 'closed') return;
    this.leave(state, true);
  }

  private authenticate(
    state: State & { name: 'challenged' },
    peerKey: Uint8Array,
    mac: Uint8Array,
  ): void {
    if (!this.proves(state, peerKey, mac)) {
      this.refuse('bad-proof', RelayRefusal.BadProof);
      return;
    }
    // A copy, since the message's memory may be a view into a larger buffer.
    const key = Uint8Array.from(peerKey);
    const id = peerId(key);
    const result = this.context.registry.register(id, this);
    if (result.outcome === 'full') {
      this.refuse('too-many-peers', RelayRefusal.TooManyPeers);
      return;
    }
    this.state = { name: 'registered', peerKey: key, id };
    this.cancelTimer();
    result.superseded?.refuse('superseded', RelayRefusal.Superseded);
    this.context.counters.peers = this.context.registry.size;
    this.context.log('registered', { peer: shortKey(key) });
    this.send({ type: 'registered', keepAliveS: this.context.limits.keepAliveS });
    this.scheduleKeepAlive();
  }

  private proves(
    state: State & { name: 'challenged' },
    peerKey: Uint8Array,
    mac: Uint8Array,
  ): boolean {
    try {
      const expected = relayProof({
        privateKey: state.key.privateKey,
        remoteKey: peerKey,
        peerKey,
        nonce: state.nonce,
        authority: this.authority,
        crypto: this.context.crypto,
      });
      return timingSafeEqual(expected, mac);
    } catch {
      return false;
    }
  }

  private forward(
    state: State & { name: 'registered' },
    message: Uint8Array,
    destinationKey: Uint8Array,
    packetBytes: number,
    nowMs: number,
  ): void {
    const { counters, registry } = this.context;
    const destinationId = peerId(destinationKey);
    const destination = registry.find(destinationId);
    if (!destination) {
      counters.dropped['unknown-destination']++;
      if (this.goneNotices.allow(destinationId, nowMs)) {
        this.send({ type: 'peer-gone', peerKey: destinationKey });
      }
      return;
    }
    registry.noteTraffic(state.id, destinationId, nowMs);
    // The message goes out as it came in, with the source's key in the place of the destination's:
    // the same bytes, no copy.
    destinationKey.set(state.peerKey);
    if (!destination.deliver(message)) {
      counters.dropped['back-pressure']++;
      return;
    }
    counters.packetsForwarded++;
    counters.bytesForwarded += packetBytes;
  }

  /** @returns false when too much waits for this peer already. */
  private deliver(message: Uint8Array): boolean {
    if (this.link.bufferedBytes() > this.context.limits.maxQueueBytes) return false;
    this.link.send(message);
    return true;
  }

  private send(message: RelayMessage): void {
    this.deliver(encodeRelayMessage(message));
  }

  private scheduleKeepAlive(): void {
    const { clock, limits } = this.context;
    this.cancelTimer = clock.setTimer(limits.keepAliveS * 1000, () => {
      if (this.missedKeepAlives >= limits.maxMissedKeepAlives) {
        this.context.counters.refused.silent++;
        this.closed();
        this.link.close('silent');
        return;
      }
      this.missedKeepAlives++;
      this.send({ type: 'keep-alive' });
      this.scheduleKeepAlive();
    });
  }

  private refuse(reason: RefuseReason, refusal: RelayRefusal): void {
    const { state } = this;
    if (state.name === 'closed') return;
    this.context.counters.refused[reason]++;
    // Not `send`: a peer that is behind still has to learn why it is cut off.
    this.link.send(encodeRelayMessage({ type: 'refused', refusal }));
    // Nobody has to hear of each peer that goes when all of them go.
    this.leave(state, reason !== 'shutting-down');
    this.link.close(reason);
  }

  private leave(state: Exclude<State, { name: 'closed' }>, tellOthers: boolean): void {
    this.cancelTimer();
    this.state = { name: 'closed' };
    if (state.name !== 'registered') return;
    const { registry, counters, clock, log } = this.context;
    const told = registry.unregister(state.id, this, clock.nowMs());
    counters.peers = registry.size;
    log('left', { peer: shortKey(state.peerKey) });
    if (!tellOthers) return;
    for (const peer of told) peer.send({ type: 'peer-gone', peerKey: state.peerKey });
  }
}

/** A key as a map's key. */
function peerId(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

/** Enough of a key to tell peers apart in a log. */
function shortKey(key: Uint8Array): string {
  return Buffer.from(key.subarray(0, LOGGED_KEY_BYTES)).toString('base64url');
}
