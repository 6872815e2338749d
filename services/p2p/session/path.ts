import { AckTracker } from './ack-tracker';
import { CongestionController } from './congestion';
import { DeliveryRateSampler } from './delivery-rate';
import { Pacer } from './pacer';
import { Recovery } from './recovery';
import type { SentFrame, SentPacket } from './sent-packet';

/**
 * Everything the session keeps per path: its own packet numbers, round trip, loss detection and
 * congestion state (draft-ietf-quic-multipath §5).
 */
export class Path {
  readonly id: number;
  readonly acks = new AckTracker();
  readonly recovery = new Recovery();
  readonly congestion = new CongestionController();
  private readonly sampler = new DeliveryRateSampler();
  private readonly pacer = new Pacer();
  private nextPacketNumber: number;
  /** Probes owed by the probe timeout; they ignore the window. */
  probes = 0;

  constructor(id: number, firstPacketNumber: number) {
    this.id = id;
    this.nextPacketNumber = firstPacketNumber;
  }

  get packetNumber(): number {
    return this.nextPacketNumber;
  }

  /** Whether an ack-eliciting packet may leave now. */
  canSend(nowMs: number): boolean {
    if (this.probes > 0) return true;
    if (this.recovery.bytesInFlight >= this.congestion.windowBytes) return false;
    return this.pacer.canSend(this.congestion.pacingRate, nowMs);
  }

  /** When the pacer lets the next packet go; null when the window, not the pacer, holds it back. */
  pacedUntilMs(nowMs: number): number | null {
    const rate = this.congestion.pacingRate;
    const windowOpen = this.recovery.bytesInFlight < this.congestion.windowBytes;
    return windowOpen && rate !== null ? this.pacer.nextSendMs(rate, nowMs) : null;
  }

  onSent(bytes: number, ackEliciting: boolean, frames: readonly SentFrame[], nowMs: number): void {
    const rate = this.sampler.onSent(this.recovery.bytesInFlight, nowMs);
    this.recovery.onSent({
      packetNumber: this.nextPacketNumber++,
      sentAtMs: nowMs,
      bytes,
      ackEliciting,
      frames,
      ...rate,
    });
    if (!ackEliciting) return;
    this.pacer.onSent(bytes);
    if (this.probes > 0) this.probes--;
  }

  /** There was nothing to send although the path would have taken more. */
  onAppLimited(): void {
    this.sampler.onAppLimited(this.recovery.bytesInFlight);
  }

  onAcknowledged(packets: readonly SentPacket[], rttMs: number | null, nowMs: number): void {
    let acknowledgedBytes = 0;
    for (const packet of packets) {
      acknowledgedBytes += packet.bytes;
      for (const frame of packet.frames) {
        if (frame.kind === 'ack') this.acks.onAckAcknowledged(frame.largest);
      }
    }
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
    for (const packet of packets) this.congestion.onLost(packet.bytes);
  }
}
