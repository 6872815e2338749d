/** How far back is looked, in ms. */
const WINDOW_MS = 5_000;
const MIN_SPAN_MS = 250;
const MAX_SAMPLES = 64;

/** How fast bytes arrive: the mean of the last 5 s. */
export class SpeedMeter {
  private samples: { readonly atMs: number; readonly bytes: number }[] = [];

  /** @param bytes all that arrived so far */
  add(atMs: number, bytes: number): void {
    this.samples.push({ atMs, bytes });
    const first = this.samples.findIndex((sample) => atMs - sample.atMs <= WINDOW_MS);
    this.samples = this.samples.slice(Math.max(first, this.samples.length - MAX_SAMPLES));
  }

  /** Bytes per second; null while too little is known. */
  bytesPerS(nowMs: number): number | null {
    const first = this.samples[0];
    const last = this.samples[this.samples.length - 1];
    if (first === undefined || last === undefined) return null;
    const spanMs = Math.max(nowMs, last.atMs) - first.atMs;
    return spanMs < MIN_SPAN_MS ? null : ((last.bytes - first.bytes) * 1_000) / spanMs;
  }
}
