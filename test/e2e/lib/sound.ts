/** A sound of one channel, samples from -1 to 1. */
export interface Sound {
  readonly rateHz: number;
  readonly samples: Float32Array;
}

const HEADER_BYTES = 44;

export function writeWav({ rateHz, samples }: Sound): Buffer {
  const out = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  out.write('RIFF', 0, 'latin1');
  out.writeUInt32LE(out.length - 8, 4);
  out.write('WAVEfmt ', 8, 'latin1');
  out.writeUInt32LE(16, 16);
  out.writeUInt16LE(1, 20);
  out.writeUInt16LE(1, 22);
  out.writeUInt32LE(rateHz, 24);
  out.writeUInt32LE(rateHz * 2, 28);
  out.writeUInt16LE(2, 32);
  out.writeUInt16LE(16, 34);
  out.write('data', 36, 'latin1');
  out.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) =>
    out.writeInt16LE(Math.round(sample * 32_767), HEADER_BYTES + i * 2),
  );
  return out;
}

/** Reads what `agents/camera` stores of a talk: PCM of one channel. */
export function readWav(file: Buffer): Sound {
  const rateHz = file.readUInt32LE(24);
  const bytes = file.readUInt32LE(40);
  expect([file.toString('latin1', 0, 4), file.readUInt16LE(22)]).toEqual(['RIFF', 1]);
  expect(bytes).toBe(file.length - HEADER_BYTES);
  const samples = Float32Array.from(
    { length: bytes / 2 },
    (_, i) => file.readInt16LE(HEADER_BYTES + i * 2) / 32_768,
  );
  return { rateHz, samples };
}

export function toneOf(hz: number, seconds: number, rateHz = 48_000): Sound {
  const samples = Float32Array.from(
    { length: rateHz * seconds },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rateHz),
  );
  return { rateHz, samples };
}

/** Height of a tone in Hz: the middle one of its periods, since a gap makes one of them long. */
export function pitchOf({ rateHz, samples }: Sound): number {
  const rises: number[] = [];
  for (let i = 1; i < samples.length; i++) {
    const [before, after] = [samples[i - 1]!, samples[i]!];
    if (before < 0 && after >= 0) rises.push(i - 1 + before / (before - after));
  }
  const periods = rises
    .slice(1)
    .map((at, i) => at - rises[i]!)
    .sort((a, b) => a - b);
  return rateHz / periods[Math.floor(periods.length / 2)]!;
}

/** Ms from the first to the last sound, and the longest silence between them. */
export function extentOf({ rateHz, samples }: Sound): {
  readonly soundMs: number;
  readonly longestGapMs: number;
} {
  const windowMs = 10;
  const size = (rateHz * windowMs) / 1_000;
  const loud: number[] = [];
  for (let i = 0; (i + 1) * size <= samples.length; i++) {
    const window = samples.subarray(i * size, (i + 1) * size);
    const power = window.reduce((sum, sample) => sum + sample * sample, 0) / size;
    if (Math.sqrt(power) > 0.05) loud.push(i);
  }
  const gaps = loud.slice(1).map((at, i) => (at - loud[i]! - 1) * windowMs);
  return {
    soundMs: loud.length === 0 ? 0 : (loud.at(-1)! - loud[0]! + 1) * windowMs,
    longestGapMs: Math.max(0, ...gaps),
  };
}
