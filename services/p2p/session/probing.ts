import type { Random } from '../../host';
import { ByteWriter, equalBytes } from './bytes';
import { AckTracker } from './ack-tracker';
import { CHALLENGE_BYTES, readFrames, writeFrame } from './frames';
import type { Frame } from './frames';
import type { Route } from './path';

/** The path number of probes: they have packet numbers of their own, and are never acknowledged. */
export const PROBE_PATH_ID = 0xffff_ffff;
/** Probes are as large as a packet, so that a path that cuts large packets is found out (RFC 9000 §8.2.1). */
const PROBE_BYTES = 1100;
const MAX_OUTSTANDING = 64;
const MAX_RESPONSES = 32;
const OUTSTANDING_MS = 5000;

interface Challenge {
  readonly route: Route;
  readonly data: Uint8Array;
  readonly sentAtMs: number;
}

export type ProbeEvent =
  /** The peer asks whether we can be reached by this route. */
  | { readonly kind: 'challenged'; readonly route: Route }
  /** The peer has answered by this route: it works both ways. */
  | { readonly kind: 'answered'; readonly route: Route; readonly rttMs: number };

/**
 * Sealed probes of routes that are no paths yet: PATH_CHALLENGE and PATH_RESPONSE (RFC 9000 §8.2)
 * apart from the paths' packet numbers, since most of them are meant to get lost.
 */
export class Probing {
  private readonly random: Random;
  private readonly seen = new AckTracker();
  private outstanding: Challenge[] = [];
  private readonly queue: { route: Route; frame: Frame }[] = [];
  private nextPacketNumber = 0;
  /** The peer has asked by a route, for whoever watches the paths. */
  onChallenged: (route: Route, nowMs: number) => void = () => undefined;

  constructor(random: Random) {
    this.random = random;
  }

  get isIdle(): boolean {
    return this.queue.length === 0;
  }

  /** Queues a challenge for a route. */
  challenge(route: Route, nowMs: number): void {
    const data = this.random.bytes(CHALLENGE_BYTES);
    this.outstanding = this.outstanding.filter((one) => nowMs - one.sentAtMs < OUTSTANDING_MS);
    if (this.outstanding.length >= MAX_OUTSTANDING) this.outstanding.shift();
    this.outstanding.push({ route, data, sentAtMs: nowMs });
    this.enqueue(route, { type: 'path-challenge', data });
  }

  /** The next probe: where it goes, its number and its frames. */
  next(): { route: Route; packetNumber: number; frames: Uint8Array } | null {
    const item = this.queue.shift();
    if (item === undefined) return null;
    // The rest is zeros, which is PADDING.
    const frames = new Uint8Array(PROBE_BYTES);
    writeFrame(new ByteWriter(frames), item.frame);
    return { route: item.route, packetNumber: this.nextPacketNumber++, frames };
  }

  /**
   * Takes an authentic probe.
   * @throws MalformedError when its frames are broken.
   */
  receive(packetNumber: number, payload: Uint8Array, route: Route, nowMs: number): ProbeEvent[] {
    if (this.seen.isDuplicate(packetNumber)) return [];
    this.seen.onPacket(packetNumber, false, nowMs);
    const events: ProbeEvent[] = [];
    for (const frame of readFrames(payload)) {
      if (frame.type === 'path-challenge') {
        this.enqueue(route, { type: 'path-response', data: frame.data.slice() });
        this.onChallenged(route, nowMs);
        events.push({ kind: 'challenged', route });
      } else if (frame.type === 'path-response') {
        const challenge = this.take(frame.data, route);
        if (challenge !== null) {
          events.push({ kind: 'answered', route, rttMs: nowMs - challenge.sentAtMs });
        }
      }
    }
    return events;
  }

  /** An answer counts on the route of its question alone: only so it shows that the route works. */
  private take(data: Uint8Array, route: Route): Challenge | null {
    const index = this.outstanding.findIndex(
      (one) => one.route === route && equalBytes(one.data, data),
    );
    return index < 0 ? null : this.outstanding.splice(index, 1)[0]!;
  }

  private enqueue(route: Route, frame: Frame): void {
    if (this.queue.length < MAX_RESPONSES + MAX_OUTSTANDING) this.queue.push({ route, frame });
  }
}
