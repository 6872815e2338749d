import { RttEstimator } from './rtt';
import { MAX_ACK_DELAY_MS } from './ack-tracker';
import type { Range } from './range-set';
import type { SentPacket } from './sent-packet';
import { TransportError, TransportErrorCode } from './transport-error';

/** RFC 9002 §6.1.1. */
const PACKET_THRESHOLD = 3;
/**
 * Probes never wait longer than this: a relay or a radio that comes back must be noticed, and the idle
 * timeout bounds their number.
 */
const MAX_PTO_MS = 2000;
/** Probe packets per timeout, RFC 9002 §6.2.4. */
const PROBES_PER_TIMEOUT = 2;

export interface AckResult {
  /** Newly acknowledged, ascending. */
  readonly acknowledged: readonly SentPacket[];
  readonly lost: readonly SentPacket[];
  /** Round trip of the newest packet, null when it gives none (RFC 9002 §5.1). */
  readonly rttMs: number | null;
}

/** Loss detection of one packet number space, RFC 9002 §6. */
export class Recovery {
  readonly rtt = new RttEstimator();
  /** Ascending by packet number, since they are inserted so. */
  private readonly sent = new Map<number, SentPacket>();
  private largestSent = -1;
  private largestAcknowledged = -1;
  private lossTimeMs: number | null = null;
  private lastAckElicitingMs = 0;
  private ackElicitingInFlight = 0;
  private ptoCount = 0;
  bytesInFlight = 0;

  onSent(packet: SentPacket): void {
    this.largestSent = packet.packetNumber;
    if (!packet.ackEliciting) return;
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
    const acknowledged = this.takeAcknowledged(ranges, largest);
    if (acknowledged.length === 0) return { acknowledged, lost: [], rttMs: null };
    this.largestAcknowledged = Math.max(this.largestAcknowledged, largest);
    const newest = acknowledged[acknowledged.length - 1]!;
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
    const pto = this.rtt.ptoMs(MAX_ACK_DELAY_MS) * 2 ** Math.min(this.ptoCount, 16);
    return this.lastAckElicitingMs + Math.min(pto, MAX_PTO_MS);
  }

  /** @returns packets now lost, or the number of probes to send. */
  onTimeout(nowMs: number): { lost: readonly SentPacket[]; probes: number } {
    if (this.lossTimeMs !== null) return { lost: this.detectLost(nowMs), probes: 0 };
    this.ptoCount++;
    // Probes renew this when they leave; without it a blocked sender would find the timer due for ever.
    this.lastAckElicitingMs = nowMs;
    return { lost: [], probes: PROBES_PER_TIMEOUT };
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

  /** Packets in flight, oldest first; their frames are what a probe carries. */
  oldest(count: number): SentPacket[] {
    const packets: SentPacket[] = [];
    for (const packet of this.sent.values()) {
      if (packets.length >= count) break;
      packets.push(packet);
    }
    return packets;
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
    const lossDelay = this.rtt.lossDelayMs();
    const lost: SentPacket[] = [];
    for (const [packetNumber, packet] of this.sent) {
      if (packetNumber > this.largestAcknowledged) break;
      const lostAtMs = packet.sentAtMs + lossDelay;
      if (this.largestAcknowledged >= packetNumber + PACKET_THRESHOLD || lostAtMs <= nowMs) {
        lost.push(packet);
      } else {
        this.lossTimeMs = Math.min(this.lossTimeMs ?? Infinity, lostAtMs);
      }
    }
    for (const packet of lost) this.remove(packet);
    return lost;
  }

  private remove(packet: SentPacket): void {
    this.sent.delete(packet.packetNumber);
    this.bytesInFlight -= packet.bytes;
    this.ackElicitingInFlight--;
  }
}
