/** Zero crossings of the kernel on each side. */
const CROSSINGS = 16;
/** Table entries for each crossing. */
const RESOLUTION = 128;
/** Share of the band that is kept: the filter needs room to fall. */
const PASS = 0.9;

/** Changes the sample rate of mono sound, chunk by chunk, by a windowed sinc. */
export class Resampler {
  private readonly step: number;
  /** Below 1 where the rate falls: what the lower rate cannot carry is filtered out. */
  private readonly cutoff: number;
  private readonly reach: number;
  private readonly table: Float32Array;
  private input: Float32Array;
  /** Of the next output, in samples of `input`. */
  private position: number;

  /** @param fromHz rate of what is pushed @param toHz rate of what comes out */
  constructor(fromHz: number, toHz: number) {
    this.step = fromHz / toHz;
    this.cutoff = Math.min(1, toHz / fromHz) * PASS;
    this.reach = Math.ceil(CROSSINGS / this.cutoff);
    this.table = kernelTable();
    // The first output is that of the first input.
    this.input = new Float32Array(this.reach);
    this.position = this.reach;
  }

  /** @returns what can be computed by now; the latest samples wait for those after them. */
  push(chunk: Float32Array): Float32Array {
    const joined = new Float32Array(this.input.length + chunk.length);
    joined.set(this.input);
    joined.set(chunk, this.input.length);
    const count = Math.max(0, Math.ceil((joined.length - this.reach - this.position) / this.step));
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = this.at(joined, this.position + i * this.step);
    const next = this.position + count * this.step;
    const drop = Math.max(0, Math.floor(next) - this.reach);
    this.input = joined.slice(drop);
    this.position = next - drop;
    return out;
  }

  private at(input: Float32Array, position: number): number {
    const { cutoff, reach, table } = this;
    const first = Math.max(0, Math.ceil(position - reach));
    const last = Math.min(input.length - 1, Math.floor(position + reach));
    let sum = 0;
    for (let i = first; i <= last; i++) {
      const at = Math.abs(i - position) * cutoff * RESOLUTION;
      const index = Math.floor(at);
      const low = table[index] ?? 0;
      const high = table[index + 1] ?? 0;
      sum += input[i]! * (low + (high - low) * (at - index));
    }
    return sum * cutoff;
  }
}

/** One side of sinc under a Blackman window. */
function kernelTable(): Float32Array {
  const table = new Float32Array(CROSSINGS * RESOLUTION + 1);
  for (let i = 0; i < table.length; i++) {
    const x = i / RESOLUTION;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
    const phase = (Math.PI * x) / CROSSINGS;
    table[i] = sinc * (0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase));
  }
  return table;
}
