import { AEAD_TAG_BYTES } from '../../host';
import type { Random } from '../../host';
import { ByteWriter, equalBytes } from './bytes';
import { AckTracker } from './ack-tracker';
import { AddressValidation } from './address-validation';
import { CHALLENGE_BYTES, readFrames, writeFrame } from './frames';
import { ONE_RTT_HEADER_BYTES } from './packet';
import type { Route } from './path';

/** The path number of probes: they have packet numbers of their own, and are never acknowledged. */
export const PROBE_PATH_ID = 0xffff_ffff;
/** Probes are as large as a packet, so that a path that cuts large packets is found out (RFC 9000 §8.2.1). */
const FULL_PROBE_BYTES = 1100;
/** An address that has not answered yet gets no more than the frame itself. */
const SMALL_PROBE_BYTES = 1 + CHALLENGE_BYTES;
const OVERHEAD_BYTES = ONE_RTT_HEADER_BYTES + AEAD_TAG_BYTES;
const MAX_OUTSTANDING = 64;
const MAX_RESPONSES = 32;
const OUTSTANDING_MS = 5000;

interface Challenge {
  readonly route: Route;
  readonly data: Uint8Array;
  readonly sentAtMs: number;
  /** The peer has said that it is there, so it is asked without having been heard from. */
  readonly announced: boolean;
  /** Whether it left as a full-sized packet. */
  full: boolean;
}

type QueuedProbe =
  | { readonly challenge: Challenge }
  | { readonly route: Route; readonly data: Uint8Array; readonly frameBytes: number };

export type ProbeEvent =
  /** The peer asks whether we can be reached by this route. */
  | { readonly kind: 'challenged'; readonly route: Route }
  /** The peer has answered by this route: it works both ways, for full-sized packets if `full`. */
  | {
      readonly kind: 'answered';
      readonly route: Route;
      readonly rttMs: number;
      readonly full: boolean;
    };

/**
 * Sealed probes of routes that are no paths yet: PATH_CHALLENGE and PATH_RESPONSE (RFC 9000 §8.2)
 * apart from the paths' packet numbers, since most of them are meant to get lost.
 */
export class Probing {
  readonly validation = new AddressValidation();
  private readonly random: Random;
  private readonly seen = new AckTracker();
  private outstanding: Challenge[] = [];
  private readonly queue: QueuedProbe[] = [];
  private nextPacketNumber = 0;
  /** The peer has asked by a route, for whoever watches the paths. */
  onChallenged: (route: Route, nowMs: number) => void = () => undefined;

  constructor(random: Random) {
    this.random = random;
  }

  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  /**
   * Queues a challenge for a route.
   * @param announced whether the peer has named the address. Others are asked only as far as what came
   *   from them allows.
   */
  challenge(route: Route, announced: boolean, nowMs: number): void {
    const data = this.random.bytes(CHALLENGE_BYTES);
    this.outstanding = this.outstanding.filter((one) => nowMs - one.sentAtMs < OUTSTANDING_MS);
    if (this.outstanding.length >= MAX_OUTSTANDING) this.outstanding.shift();
    const challenge = { route, data, sentAtMs: nowMs, announced, full: false };
    this.outstanding.push(challenge);
    this.enqueue({ challenge });
  }

  /** The next probe: where it goes, its number and its frames. */
  next(): { route: Route; packetNumber: number; frames: Uint8Array } | null {
    for (;;) {
      const item = this.queue.shift();
      if (item === undefined) return null;
      const isChallenge = 'challenge' in item;
      const { route, data } = isChallenge ? item.challenge : item;
      const size = isChallenge ? this.sizeOf(item.challenge) : this.allowed(route, item.frameBytes);
      if (size === 0) continue;
      // The rest is zeros, which is PADDING.
      const frames = new Uint8Array(size);
      const type = isChallenge ? 'path-challenge' : 'path-response';
      writeFrame(new ByteWriter(frames), { type, data });
      return { route, packetNumber: this.nextPacketNumber++, frames };
    }
  }

  /**
   * Takes an authentic probe.
   * @throws MalformedError when its frames are broken.
   */
  receive(packetNumber: number, payload: Uint8Array, route: Route, nowMs: number): ProbeEvent[] {
    if (this.seen.isDuplicate(packetNumber)) return [];
    this.seen.onPacket(packetNumber, false, nowMs);
    this.validation.onReceived(route, payload.length + OVERHEAD_BYTES);
    const events: ProbeEvent[] = [];
    for (const frame of readFrames(payload)) {
      if (frame.type === 'path-challenge') {
        // One to a packet, so that a packet full of them is not answered by a hundred.
        if (events.some(({ kind }) => kind === 'challenged')) continue;
        this.enqueue({ route, data: frame.data.slice(), frameBytes: payload.length });
        this.onChallenged(route, nowMs);
        events.push({ kind: 'challenged', route });
      } else if (frame.type === 'path-response') {
        const challenge = this.take(frame.data, route);
        if (challenge !== null) events.push(this.onAnswered(challenge, nowMs));
      }
    }
    return events;
  }

  private onAnswered({ route, sentAtMs, full }: Challenge, nowMs: number): ProbeEvent {
    this.validation.onAnswered(route);
    // RFC 9000 §8.2.1: the address holds; whether large packets get through is asked by another one.
    if (!full) this.challenge(route, false, nowMs);
    return { kind: 'answered', route, rttMs: nowMs - sentAtMs, full };
  }

  private sizeOf(challenge: Challenge): number {
    const { route, announced } = challenge;
    if (this.allowed(route, FULL_PROBE_BYTES) > 0) {
      challenge.full = true;
      return FULL_PROBE_BYTES;
    }
    return announced ? SMALL_PROBE_BYTES : this.allowed(route, SMALL_PROBE_BYTES);
  }

  /** @returns the size of the frames if a packet with so many may go there, else 0. */
  private allowed(route: Route, frameBytes: number): number {
    return this.validation.take(route, frameBytes + OVERHEAD_BYTES) ? frameBytes : 0;
  }

  /** An answer counts on the route of its question alone: only so it shows that the route works. */
  private take(data: Uint8Array, route: Route): Challenge | null {
    const index = this.outstanding.findIndex(
      (one) => one.route === route && equalBytes(one.data, data),
    );
    return index < 0 ? null : this.outstanding.splice(index, 1)[0]!;
  }

  private enqueue(probe: QueuedProbe): void {
    if (this.queue.length < MAX_RESPONSES + MAX_OUTSTANDING) this.queue.push(probe);
  }
}
