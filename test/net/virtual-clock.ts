import type { CancelTimer, Clock } from '../../services/host';

interface Timer {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

/** A clock that jumps from timer to timer: hours of network time pass in milliseconds. */
export class VirtualClock implements Clock {
  private readonly heap: Timer[] = [];
  private order = 0;
  private now = 0;
  private readonly wallOrigin: number;

  constructor(wallOriginMs = 1_700_000_000_000) {
    this.wallOrigin = wallOriginMs;
  }

  nowMs(): number {
    return this.now;
  }

  wallMs(): number {
    return this.wallOrigin + this.now;
  }

  setTimer(delayMs: number, callback: () => void): CancelTimer {
    const timer = {
      atMs: this.now + Math.max(0, delayMs),
      order: this.order++,
      callback,
      cancelled: false,
    };
    this.push(timer);
    return () => {
      timer.cancelled = true;
    };
  }

  /** Runs the next timer. @returns false when there is none. */
  step(): boolean {
    const timer = this.pop();
    if (timer === undefined) return false;
    this.now = Math.max(this.now, timer.atMs);
    if (!timer.cancelled) timer.callback();
    return true;
  }

  /** Runs all timers up to `durationMs` from now. */
  advance(durationMs: number): void {
    const until = this.now + durationMs;
    while (this.heap.length > 0 && this.heap[0]!.atMs <= until) this.step();
    this.now = until;
  }

  /** Runs timers until `done` holds. @throws Error when it does not within `limitMs`. */
  runUntil(done: () => boolean, limitMs: number): void {
    const until = this.now + limitMs;
    while (!done()) {
      if (this.heap.length === 0 || this.heap[0]!.atMs > until) {
        throw new Error(`not done after ${limitMs} ms of virtual time`);
      }
      this.step();
    }
  }

  private push(timer: Timer): void {
    const { heap } = this;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!isBefore(timer, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): Timer | undefined {
    const { heap } = this;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
