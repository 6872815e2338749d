import type { Clock } from '../../../services/host';

const SLOT_MS = 1_000;
const SLOTS = 5;

/** The bit rate of a live stream over the last 5 s. */
export class RateMeter {
  private readonly slots = new Map<number, number>();
  private firstSlot: number | null = null;

  constructor(private readonly clock: Clock) {}

  add(bytes: number): void {
    const slot = this.currentSlot();
    this.firstSlot ??= slot;
    this.slots.set(slot, (this.slots.get(slot) ?? 0) + bytes);
    for (const old of this.slots.keys()) if (old < slot - SLOTS) this.slots.delete(old);
  }

  /** Bit per second; null within the first two seconds, which say too little. */
  get bps(): number | null {
    const slot = this.currentSlot();
    if (this.firstSlot === null) return null;
    // The running second is not over; it would pull the mean down.
    const seconds = Math.min(SLOTS, slot - this.firstSlot);
    if (seconds < 2) return null;
    let bytes = 0;
    for (let at = slot - seconds; at < slot; at++) bytes += this.slots.get(at) ?? 0;
    return (bytes * 8 * 1_000) / (seconds * SLOT_MS);
  }

  private currentSlot(): number {
    return Math.floor(this.clock.nowMs() / SLOT_MS);
  }
}
