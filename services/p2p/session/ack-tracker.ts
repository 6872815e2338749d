import { RangeSet } from './range-set';
import type { Range } from './range-set';

/** RFC 9000 §18.2 max_ack_delay; both sides use it as it stands. Short, since tail losses are found by it. */
export const MAX_ACK_DELAY_MS = 8;
/** RFC 9000 §13.2.2: an ACK at the latest after this many ack-eliciting packets … */
const ACK_ELICITING_THRESHOLD = 2;
/**
 * … and after this many once the sender has left its first rounds: an ACK costs a seal, which is dear
 * where JavaScript is not compiled (draft-ietf-quic-ack-frequency §1; Chromium's ACK decimation).
 */
const DECIMATED_THRESHOLD = 10;
const DECIMATE_AFTER_PACKETS = 100;
/** Where packets overtake each other a gap is given this long to close before it is reported. */
const REORDERING_GUARD_MS = 4;
/** How long a path is taken to reorder after it did. */
const REORDERING_MEMORY_MS = 1000;
/** Gaps remembered to tell a late packet from a duplicate; older packets count as duplicates. */
const MAX_TRACKED_RANGES = 256;

/** What one path has received, and when to say so: RFC 9000 §13.2. */
export class AckTracker {
  private readonly received = new RangeSet();
  private largest = -1;
  private largestAtMs = 0;
  private count = 0;
  private reorderedAtMs = -Infinity;
  private unacknowledged = 0;
  private dueAtMs: number | null = null;
  /** Below this nothing is tracked any more. */
  private floor = 0;
  /** Below this the peer knows what arrived; ACK frames leave it out (RFC 9000 §13.2.4). */
  private ackFloor = 0;
  /** The lowest packet that an ACK is owed for; one that came late may be below `ackFloor`. */
  private oldestOwed = Infinity;

  /** Whether the packet must be dropped: seen before, or too old to tell. */
  isDuplicate(packetNumber: number): boolean {
    return packetNumber < this.floor || this.received.has(packetNumber);
  }

  /** Records a packet that was authenticated and is no duplicate. */
  onPacket(packetNumber: number, ackEliciting: boolean, nowMs: number): void {
    const outOfOrder = packetNumber !== this.largest + 1;
    if (packetNumber < this.largest) this.reorderedAtMs = nowMs;
    this.count++;
    this.received.add(packetNumber, packetNumber + 1);
    if (packetNumber > this.largest) {
      this.largest = packetNumber;
      this.largestAtMs = nowMs;
    }
    while (this.received.rangeCount > MAX_TRACKED_RANGES) {
      this.floor = this.received.shift()!.end;
    }
    if (!ackEliciting) return;
    this.oldestOwed = Math.min(this.oldestOwed, packetNumber);
    this.unacknowledged++;
    this.dueAtMs = Math.min(this.dueAtMs ?? Infinity, nowMs + this.delayMs(outOfOrder, nowMs));
  }

  private delayMs(outOfOrder: boolean, nowMs: number): number {
    const isEarly = this.count <= DECIMATE_AFTER_PACKETS;
    const threshold = isEarly ? ACK_ELICITING_THRESHOLD : DECIMATED_THRESHOLD;
    if (this.unacknowledged >= threshold) return 0;
    if (!outOfOrder) return MAX_ACK_DELAY_MS;
    // A gap is reported at once, so that the peer's loss detection does not wait for the delay.
    return nowMs - this.reorderedAtMs < REORDERING_MEMORY_MS ? REORDERING_GUARD_MS : 0;
  }

  /** The highest packet number received, -1 before the first. */
  get largestReceived(): number {
    return this.largest;
  }

  /** When an ACK must leave; null when none is owed. */
  nextTimeoutMs(): number | null {
    return this.dueAtMs;
  }

  /** Ranges and delay for an ACK frame that leaves now; null before the first packet. */
  takeAck(nowMs: number): { ranges: readonly Range[]; delayMs: number } | null {
    const from = Math.min(this.ackFloor, this.oldestOwed);
    const ranges = this.received.list().filter((range) => range.end > from);
    if (ranges.length === 0) return null;
    this.oldestOwed = Infinity;
    this.unacknowledged = 0;
    this.dueAtMs = null;
    return { ranges, delayMs: nowMs - this.largestAtMs };
  }

  /** The peer has received an ACK of ours whose largest packet number was this. */
  onAckAcknowledged(largest: number): void {
    this.ackFloor = Math.max(this.ackFloor, largest + 1);
  }
}
