import { AckTracker, MAX_ACK_DELAY_MS } from './ack-tracker';
import { CongestionController } from './congestion';
import { DeliveryRateSampler } from './delivery-rate';
import { Pacer } from './pacer';
import { Recovery } from './recovery';
import type { SentFrame, SentPacket } from './sent-packet';
import { MAX_FRAMES_BYTES, MAX_PACKET_BYTES } from './packet';
import type { BandwidthEstimate, PathSummary } from './session-types';

/** A way packets can take, as the endpoint numbers it; the session knows no addresses. */
export type Route = number;

/** Lower tiers are preferred: a neighbour, a direct way through the internet, a relay. */
export const PathTier = { Lan: 0, Direct: 1, Relay: 2 } as const;
export type PathTier = (typeof PathTier)[keyof typeof PathTier];

/** An answer that is owed for this long makes a path suspect, however short its round trip. */
const SILENCE_MS = 250;

/** What is left of a packet's bytes for frames. */
const PAYLOAD_SHARE = MAX_FRAMES_BYTES / MAX_PACKET_BYTES;

/**
 * Everything the session keeps per path: its own packet numbers, round trip, loss detection and
 * congestion state (draft-ietf-quic-multipath §5).
 */
export class Path {
  readonly id: number;
  /** Where its packets go; changes when the peer's address does (RFC 9000 §9.3). */
  route: Route;
  readonly tier: PathTier;
  readonly acks = new AckTracker();
  readonly recovery = new Recovery();
  readonly congestion = new CongestionController();
  private readonly sampler = new DeliveryRateSampler();
  private readonly pacer = new Pacer();
  private nextPacketNumber: number;
  /** Probes owed by the probe timeout; they ignore the window. */
  probes = 0;
  /** A PING is owed. */
  pingPending = false;
  /** Whether its transport can send at present. */
  usable = true;
  /** Whether the peer has answered by its route; before, it gets nothing but probes and a few ACKs. */
  validated = true;
  /** Since when an answer is overdue; null while none is. */
  suspectSinceMs: number | null = null;
  /** Since when it has worked without a break. */
  goodSinceMs: number;
  /** Breaks so far; a path that has had one must prove itself before it is preferred again. */
  breaks = 0;
  lastReceivedMs: number;
  /** The peer's packets have been following each other closely. */
  private steady = false;
  lastElicitedMs: number;
  packetsSent = 0;
  packetsLost = 0;

  constructor(id: number, route: Route, tier: PathTier, firstPacketNumber: number, nowMs: number) {
    this.id = id;
    this.route = route;
    this.tier = tier;
    this.nextPacketNumber = firstPacketNumber;
    this.goodSinceMs = nowMs;
    this.lastReceivedMs = nowMs;
    this.lastElicitedMs = nowMs;
  }

  get packetNumber(): number {
    return this.nextPacketNumber;
  }

  /** Whether it carries packets as far as we know. */
  get works(): boolean {
    return this.usable && this.validated && this.suspectSinceMs === null;
  }

  /** Whether an ack-eliciting packet may leave now. */
  canSend(nowMs: number): boolean {
    if (!this.usable || !this.validated) return false;
    if (this.probes > 0) return true;
    if (this.recovery.bytesInFlight >= this.congestion.windowBytes) return false;
    return this.pacer.canSend(this.congestion.pacingRate, nowMs);
  }

  /** When the pacer lets the next packet go; null when the window, not the pacer, holds it back. */
  pacedUntilMs(nowMs: number): number | null {
    const rate = this.congestion.pacingRate;
    const windowOpen = this.recovery.bytesInFlight < this.congestion.windowBytes;
    return this.validated && windowOpen && rate !== null
      ? this.pacer.nextSendMs(rate, nowMs)
      : null;
  }

  /** When an answer becomes overdue; null while none is owed, or it is overdue already. */
  silenceDueMs(): number | null {
    const oldest = this.recovery.oldestSentAtMs;
    if (oldest === null || this.suspectSinceMs !== null || !this.usable) return null;
    const patience = Math.max(SILENCE_MS, this.recovery.rtt.ptoMs(MAX_ACK_DELAY_MS));
    return Math.max(oldest, this.lastReceivedMs) + patience;
  }

  get summary(): PathSummary {
    const { rtt } = this.recovery;
    return {
      route: this.route,
      tier: this.tier,
      works: this.works,
      rttMs: rtt.hasSample ? rtt.smoothedMs : null,
      packetsSent: this.packetsSent,
      packetsLost: this.packetsLost,
    };
  }

  get estimate(): BandwidthEstimate {
    const { rtt } = this.recovery;
    const rate = this.congestion.bandwidth() * PAYLOAD_SHARE;
    return {
      rateBps: rate === 0 ? null : Math.round(rate * 8 * 1000),
      appLimited: this.congestion.appLimited,
      rttMs: rtt.hasSample ? rtt.smoothedMs : null,
      minRttMs: rtt.hasSample ? rtt.minMs : null,
    };
  }

  /** Asks for a sign of life, whatever the congestion window says. */
  ping(): void {
    this.pingPending = true;
    this.probes = Math.max(this.probes, 1);
  }

  /** When a lull in what the peer sent steadily deserves a question; null when it does not. */
  lullDueMs(): number | null {
    return this.steady ? this.lastReceivedMs + SILENCE_MS : null;
  }

  onLull(): void {
    this.steady = false;
    this.ping();
  }

  onReceived(nowMs: number): void {
    this.steady = nowMs - this.lastReceivedMs < SILENCE_MS;
    this.lastReceivedMs = nowMs;
    if (this.suspectSinceMs === null) return;
    this.suspectSinceMs = null;
    this.goodSinceMs = nowMs;
  }

  /** It seems dead. @returns what was in flight on it and must take another path. */
  suspect(nowMs: number): SentPacket[] {
    if (this.suspectSinceMs !== null) return [];
    this.suspectSinceMs = nowMs;
    this.breaks++;
    const packets = this.recovery.drain();
    this.congestion.onPathRestarted();
    this.ping();
    return packets;
  }

  onSent(bytes: number, ackEliciting: boolean, frames: readonly SentFrame[], nowMs: number): void {
    const rate = this.sampler.onSent(this.recovery.bytesInFlight, nowMs);
    this.packetsSent++;
    this.recovery.onSent({
      packetNumber: this.nextPacketNumber++,
      sentAtMs: nowMs,
      bytes,
      ackEliciting,
      frames,
      ...rate,
    });
    if (!ackEliciting) return;
    this.lastElicitedMs = nowMs;
    this.pacer.onSent(bytes);
    if (this.probes > 0) this.probes--;
  }

  /** There was nothing to send although the path would have taken more. */
  onAppLimited(): void {
    this.sampler.onAppLimited(this.recovery.bytesInFlight);
    this.recovery.onIdle();
  }

  onAcknowledged(packets: readonly SentPacket[], rttMs: number | null, nowMs: number): void {
    let acknowledgedBytes = 0;
    for (const packet of packets) acknowledgedBytes += packet.bytes;
    this.probes = 0;
    this.congestion.onAcknowledged({
      nowMs,
      sample: this.sampler.onAcknowledged(packets, nowMs),
      rttMs,
      acknowledgedBytes,
      inFlightBytes: this.recovery.bytesInFlight,
      delivered: this.sampler.delivered,
    });
  }

  onLost(packets: readonly SentPacket[]): void {
    this.packetsLost += packets.length;
    for (const packet of packets) this.congestion.onLost(packet.bytes);
  }
}
