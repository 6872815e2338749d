import { RttEstimator } from './rtt';
import { MAX_ACK_DELAY_MS } from './ack-tracker';
import type { Range } from './range-set';
import type { SentPacket } from './sent-packet';
import { TransportError, TransportErrorCode } from './transport-error';

/** Later packets that must have arrived before one counts as lost, while no reordering was seen. */
const PACKET_THRESHOLD = 3;
/** RFC 9002 §6.1.2 kTimeThreshold, less the round trip itself. */
const IN_ORDER_SHARE = 1 / 8;
/** The reordering window in quarters of the smallest round trip; it grows with each mistake (RFC 8985 §6.2). */
const MAX_REORDER_QUARTERS = 16;
/** Losses without a mistake after which the window is the smallest again (RFC 8985: 16 recoveries). */
const FORGET_REORDERING_AFTER = 256;
/** Packets declared lost that are remembered, to notice the mistake when they arrive after all. */
const MAX_REMEMBERED_LOST = 256;
/**
 * Probes never wait longer than this: a relay or a radio that comes back must be noticed, and the idle
 * timeout bounds their number.
 */
const MAX_PTO_MS = 2000;
const MAX_BACKOFF = 10;
/** Flights that are told apart; of more the newest count as one. */
const MAX_FLIGHTS = 32;
/** Hosts' timers are coarse on both sides; probing a packet that is being acknowledged is a waste. */
const TAIL_PROBE_SLACK_MS = 5;
/** Probe packets per timeout, RFC 9002 §6.2.4. */
const PROBES_PER_TIMEOUT = 2;

export interface AckResult {
  /** Newly acknowledged, ascending. */
  readonly acknowledged: readonly SentPacket[];
  readonly lost: readonly SentPacket[];
  /** Round trip of the newest packet, null when it gives none (RFC 9002 §5.1). */
  readonly rttMs: number | null;
}

/**
 * Loss detection of one packet number space: RFC 9002 §6, with the reordering window of RACK (RFC 8985),
 * since paths that reorder, as radio links do, would make a fixed threshold resend what is on its way.
 */
export class Recovery {
  readonly rtt = new RttEstimator();
  /** Ascending by packet number, since they are inserted so. */
  private readonly sent = new Map<number, SentPacket>();
  private largestSent = -1;
  private largestAcknowledged = -1;
  /** When the newest packet known to have arrived was sent: what left before it is overdue (RACK.xmit_ts). */
  private newestDeliveredSentMs = -Infinity;
  private reorderingSeen = false;
  private reorderQuarters = 1;
  private lostSinceMistake = 0;
  private readonly recentlyLost = new Set<number>();
  private lossTimeMs: number | null = null;
  private lastAckEliciting = -1;
  private lastAckElicitingMs = 0;
  /** Flights before the present one, oldest first: the last packet of each, and when it left. */
  private readonly flights: { readonly last: number; readonly endMs: number }[] = [];
  private flightOver = false;
  private ackElicitingInFlight = 0;
  private ptoCount = 0;
  bytesInFlight = 0;
  /** Packets declared lost that arrived after all. */
  spuriousLosses = 0;

  onSent(packet: SentPacket): void {
    this.largestSent = packet.packetNumber;
    if (!packet.ackEliciting) return;
    this.beginFlight();
    this.lastAckEliciting = packet.packetNumber;
    this.sent.set(packet.packetNumber, packet);
    this.bytesInFlight += packet.bytes;
    this.ackElicitingInFlight++;
    this.lastAckElicitingMs = packet.sentAtMs;
  }

  /**
   * Takes an ACK frame.
   * @param ranges ascending.
   * @throws TransportError when it acknowledges what was never sent.
   */
  onAck(ranges: readonly Range[], ackDelayMs: number, nowMs: number): AckResult {
    const largest = ranges[ranges.length - 1]!.end - 1;
    if (largest > this.largestSent) {
      throw new TransportError(TransportErrorCode.ProtocolViolation, 'ACK of an unsent packet');
    }
    this.noticeMistakes(ranges);
    const acknowledged = this.takeAcknowledged(ranges, largest);
    if (acknowledged.length === 0) return { acknowledged, lost: [], rttMs: null };
    if (acknowledged[0]!.packetNumber < this.largestAcknowledged) this.reorderingSeen = true;
    this.largestAcknowledged = Math.max(this.largestAcknowledged, largest);
    const newest = acknowledged[acknowledged.length - 1]!;
    this.newestDeliveredSentMs = Math.max(this.newestDeliveredSentMs, newest.sentAtMs);
    let rttMs: number | null = null;
    if (newest.packetNumber === largest) {
      rttMs = Math.max(nowMs - newest.sentAtMs, 0);
      this.rtt.update(rttMs, Math.min(ackDelayMs, MAX_ACK_DELAY_MS));
    }
    this.ptoCount = 0;
    return { acknowledged, lost: this.detectLost(nowMs), rttMs };
  }

  /** When `onTimeout` must be called; null when nothing is in flight. */
  nextTimeoutMs(): number | null {
    if (this.lossTimeMs !== null) return this.lossTimeMs;
    if (this.ackElicitingInFlight === 0) return null;
    const pto = this.rtt.ptoMs(MAX_ACK_DELAY_MS);
    if (this.ptoCount === 0) {
      // RFC 8985 §7.2: the first probe need not wait for the variation, which jitter makes large.
      const waitMs = Math.min(pto, this.tailProbeMs(), MAX_PTO_MS);
      // A flight's last packets have no successors that could tell of their loss before the next flight's
      // ACKs: its probe timeout runs on although more has been sent (RFC 9002 §6.2.1 would begin anew).
      return (this.oldestFlight()?.endMs ?? this.lastAckElicitingMs) + waitMs;
    }
    return this.lastAckElicitingMs + Math.min(pto * 2 ** this.ptoCount, MAX_PTO_MS);
  }

  /** @returns packets now lost, or the number of probes to send. */
  onTimeout(nowMs: number): { lost: readonly SentPacket[]; probes: number } {
    if (this.lossTimeMs !== null) return { lost: this.detectLost(nowMs), probes: 0 };
    // Of a flight that is not the newest only what is left of it is probed with.
    const flight = this.ptoCount === 0 ? this.oldestFlight() : undefined;
    const probes = flight === undefined ? PROBES_PER_TIMEOUT : this.leftOf(flight);
    this.flights.shift();
    this.ptoCount = Math.min(this.ptoCount + 1, MAX_BACKOFF);
    // Probes renew this when they leave; without it a blocked sender would find the timer due for ever.
    this.lastAckElicitingMs = nowMs;
    return { lost: [], probes };
  }

  /** The path works again: probe at once instead of waiting for the backed-off timer. */
  resetBackoff(): void {
    this.ptoCount = 0;
  }

  /** The path is given up: nothing is in flight any more. @returns what was. */
  drain(): SentPacket[] {
    const packets = [...this.sent.values()];
    for (const packet of packets) this.remove(packet);
    this.lossTimeMs = null;
    return packets;
  }

  /** When the oldest packet in flight left; null when none is. */
  get oldestSentAtMs(): number | null {
    for (const packet of this.sent.values()) return packet.sentAtMs;
    return null;
  }

  /** The sender has nothing more to send at present: what it sends next is another flight. */
  onIdle(): void {
    this.flightOver = true;
  }

  /** Packets in flight, oldest first; their frames are what a probe carries. */
  oldest(count: number): SentPacket[] {
    const packets: SentPacket[] = [];
    for (const packet of this.sent.values()) {
      if (packets.length >= count) break;
      packets.push(packet);
    }
    return packets;
  }

  private beginFlight(): void {
    if (!this.flightOver) return;
    this.flightOver = false;
    if (this.ackElicitingInFlight === 0) this.flights.length = 0;
    else if (this.flights.length < MAX_FLIGHTS) {
      this.flights.push({ last: this.lastAckEliciting, endMs: this.lastAckElicitingMs });
    }
  }

  /** The oldest flight that is not the present one and waits for ACKs. */
  private oldestFlight(): { readonly last: number; readonly endMs: number } | undefined {
    for (const oldest of this.sent.keys()) {
      while (this.flights.length > 0 && this.flights[0]!.last < oldest) this.flights.shift();
      break;
    }
    return this.flights[0];
  }

  /** Packets of a flight that wait for their ACKs, as far as probes carry them. */
  private leftOf({ last }: { readonly last: number }): number {
    let count = 0;
    for (const packetNumber of this.sent.keys()) {
      if (packetNumber > last || count === PROBES_PER_TIMEOUT) break;
      count++;
    }
    return count;
  }

  /** Twice the round trip, and the peer's delay where a single packet may wait for its ACK. */
  private tailProbeMs(): number {
    if (!this.rtt.hasSample) return Infinity;
    const delayMs = this.ackElicitingInFlight === 1 ? MAX_ACK_DELAY_MS : 0;
    return 2 * this.rtt.smoothedMs + delayMs + TAIL_PROBE_SLACK_MS;
  }

  private takeAcknowledged(ranges: readonly Range[], largest: number): SentPacket[] {
    const acknowledged: SentPacket[] = [];
    let at = 0;
    for (const [packetNumber, packet] of this.sent) {
      if (packetNumber > largest) break;
      while (at < ranges.length && ranges[at]!.end <= packetNumber) at++;
      const range = ranges[at];
      if (range !== undefined && range.start <= packetNumber) acknowledged.push(packet);
    }
    for (const packet of acknowledged) this.remove(packet);
    return acknowledged;
  }

  private detectLost(nowMs: number): SentPacket[] {
    this.lossTimeMs = null;
    const patience = this.rtt.latestMs + this.reorderWindowMs();
    const lost: SentPacket[] = [];
    for (const [packetNumber, packet] of this.sent) {
      if (packetNumber > this.largestAcknowledged || packet.sentAtMs > this.newestDeliveredSentMs) {
        break;
      }
      const overtaken =
        !this.reorderingSeen && this.largestAcknowledged >= packetNumber + PACKET_THRESHOLD;
      const lostAtMs = packet.sentAtMs + patience;
      if (overtaken || lostAtMs <= nowMs) lost.push(packet);
      else this.lossTimeMs = Math.min(this.lossTimeMs ?? Infinity, lostAtMs);
    }
    for (const packet of lost) {
      this.remove(packet);
      this.remember(packet.packetNumber);
    }
    return lost;
  }

  /**
   * How much later than its successors a packet may be: RFC 9002 §6.1.2 as long as packets keep their
   * order, then the window of RACK (RFC 8985 §6.2 step 4).
   */
  private reorderWindowMs(): number {
    const { minMs, smoothedMs } = this.rtt;
    const baseMs = minMs === Infinity ? smoothedMs : minMs;
    const share = this.reorderingSeen ? this.reorderQuarters / 4 : IN_ORDER_SHARE;
    return Math.max(1, Math.min(baseMs * share, smoothedMs));
  }

  private remember(packetNumber: number): void {
    this.recentlyLost.add(packetNumber);
    if (this.recentlyLost.size > MAX_REMEMBERED_LOST) {
      for (const oldest of this.recentlyLost) {
        this.recentlyLost.delete(oldest);
        break;
      }
    }
    this.lostSinceMistake++;
    if (this.lostSinceMistake < FORGET_REORDERING_AFTER) return;
    this.lostSinceMistake = 0;
    this.reorderQuarters = 1;
  }

  /** What was declared lost has arrived after all: the path reorders more than we allowed for. */
  private noticeMistakes(ranges: readonly Range[]): void {
    if (this.recentlyLost.size === 0) return;
    let mistaken = false;
    for (const packetNumber of this.recentlyLost) {
      const arrived = ranges.some((one) => one.start <= packetNumber && packetNumber < one.end);
      if (!arrived) continue;
      mistaken = true;
      this.recentlyLost.delete(packetNumber);
      this.spuriousLosses++;
    }
    if (!mistaken) return;
    this.reorderingSeen = true;
    this.lostSinceMistake = 0;
    this.reorderQuarters = Math.min(this.reorderQuarters + 1, MAX_REORDER_QUARTERS);
  }

  private remove(packet: SentPacket): void {
    this.sent.delete(packet.packetNumber);
    this.bytesInFlight -= packet.bytes;
    this.ackElicitingInFlight--;
  }
}
