import fc from 'fast-check';
import { levelOf } from '../../../services/talk/level';
import { FlvTagRepair, repairFlvHeader } from '../../../services/talk/flv-repair';
import { Resampler } from '../../../services/talk/resampler';
import { initialWaterState, waterMachine } from '../../../services/talk/water-marks';
import { FlvReader } from '../../../services/media/flv';

const tone = (hz: number, rate: number, seconds: number): Float32Array =>
  Float32Array.from(
    { length: rate * seconds },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hz * i) / rate),
  );

/** Power of one frequency in a sound (Goertzel). */
function powerAt(samples: Float32Array, hz: number, rate: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, i) => {
    re += sample * Math.cos((2 * Math.PI * hz * i) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * i) / rate);
  });
  return (re * re + im * im) / samples.length ** 2;
}

function resample(input: Float32Array, from: number, to: number, chunks: number[]): Float32Array {
  const resampler = new Resampler(from, to);
  const out: number[] = [];
  let at = 0;
  for (let i = 0; at < input.length; i++) {
    const size = chunks[i % chunks.length]!;
    out.push(...resampler.push(input.subarray(at, at + size)));
    at += size;
  }
  return Float32Array.from(out);
}

const pcm = (samples: Float32Array): number[] =>
  Array.from(samples, (sample) => Math.round(sample * 1e5) + 0);

describe('Resampler', () => {
  it.each([
    [48_000, 16_000],
    [44_100, 8_000],
    [8_000, 16_000],
  ])('keeps a tone’s height and loudness from %i to %i Hz', (from, to) => {
    const out = resample(tone(440, from, 1), from, to, [128]).subarray(200);
    expect(Math.sqrt(4 * powerAt(out, 440, to))).toBeCloseTo(0.5, 2);
  });

  it('leaves out what the lower rate cannot carry', () => {
    const out = resample(tone(6_000, 48_000, 1), 48_000, 8_000, [1_024]).subarray(200);
    // Folded, it would be heard at 2 kHz.
    expect(10 * Math.log10(powerAt(out, 2_000, 8_000))).toBeLessThan(-70);
  });

  it('gives the same whatever the chunks, and as long as the input', () => {
    const input = tone(440, 44_100, 0.1);
    const whole = resample(input, 44_100, 16_000, [input.length]);
    expect(Math.abs(whole.length - 1_600)).toBeLessThan(40);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 16, max: 5_000 }), { minLength: 1 }), (chunks) => {
        expect(pcm(resample(input, 44_100, 16_000, chunks))).toEqual(pcm(whole));
      }),
      { numRuns: 5 },
    );
  });
});

describe('levelOf', () => {
  it('is 0 for silence, 1 for full scale, between for between', () => {
    const frame = (value: number) => new Int16Array(800).fill(value).buffer;
    expect(levelOf(frame(0))).toBe(0);
    expect(levelOf(frame(32_767))).toBeCloseTo(1, 3);
    expect(levelOf(frame(1_000))).toBeCloseTo(0.495, 2);
    expect(levelOf(new ArrayBuffer(1))).toBe(0);
  });
});

describe('waterMachine', () => {
  it('asks for less after 3 s of too much, and for more after 3 s of none', () => {
    let water = initialWaterState(0);
    const at = (nowMs: number, bytes: number) => {
      water = waterMachine(water, bytes, nowMs);
      return water.profile;
    };
    expect([at(1_000, 600_000), at(3_999, 600_000), at(4_000, 600_000)]).toEqual([
      'high',
      'high',
      'low',
    ]);
    expect([at(5_000, 100_000), at(7_999, 0), at(8_000, 0)]).toEqual(['low', 'low', 'high']);
  });

  it('does not mind a short peak', () => {
    let water = initialWaterState(0);
    for (let ms = 0; ms < 60_000; ms += 500) {
      water = waterMachine(water, ms % 3_000 === 0 ? 600_000 : 0, ms);
      expect(water.profile).toBe('high');
    }
  });
});

/** An audio tag as a pusher gives it. */
function audioTag(payload: Uint8Array, timestampMs = 0): ArrayBuffer {
  const out = new Uint8Array(11 + payload.length + 4);
  const view = new DataView(out.buffer);
  view.setUint32(0, (8 << 24) | payload.length);
  view.setUint32(4, ((timestampMs & 0xffffff) << 8) | (timestampMs >>> 24));
  out.set(payload, 11);
  view.setUint32(11 + payload.length, 11 + payload.length);
  return out.buffer;
}

const HEADER = Uint8Array.of(0x46, 0x4c, 0x56, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0).buffer;

describe('repairFlvHeader', () => {
  it('names the tracks, and leaves the pusher’s own header alone', () => {
    expect(new Uint8Array(repairFlvHeader(HEADER, { audio: true, video: false }))[4]).toBe(4);
    expect(new Uint8Array(repairFlvHeader(HEADER, { audio: true, video: true }))[4]).toBe(5);
    expect(new Uint8Array(HEADER)[4]).toBe(0);
    expect(() => repairFlvHeader(new ArrayBuffer(3), { audio: true, video: true })).toThrow(/FLV/);
  });
});

describe('FlvTagRepair', () => {
  it('fills small audio up to 770 bytes, but not the sequence header, and stays FLV', () => {
    const repair = new FlvTagRepair(() => 1_000);
    const sequence = Uint8Array.of(0xaf, 0, 0x12, 0x10);
    const raw = Uint8Array.of(0xaf, 1, 5, 6, 7);
    const parts = [
      repairFlvHeader(HEADER, { audio: true, video: false }),
      repair.repair({ data: audioTag(sequence), clockMs: 5, aacPacketType: 0 }),
      repair.repair({ data: audioTag(raw), clockMs: 25, aacPacketType: 1 }),
      repair.repair({ data: audioTag(new Uint8Array(900)), clockMs: 45, aacPacketType: 1 }),
    ];
    const reader = new FlvReader();
    const read = parts.map((part) => reader.push(new Uint8Array(part)));
    expect(read.map(({ error }) => error ?? null)).toEqual([null, null, null, null]);
    const tags = read.flatMap((one) => one.tags);
    expect(tags.map(({ data }) => data.length)).toEqual([4, 770, 900]);
    expect([...tags[1]!.data.subarray(0, 6)]).toEqual([0xaf, 1, 5, 6, 7, 0]);
  });

  it('stamps with the time of day, which the pusher’s clock never runs ahead of', () => {
    let wallMs = 1_700_000_000_000;
    const repair = new FlvTagRepair(() => wallMs);
    const stamp = (clockMs: number): number => {
      const data = audioTag(Uint8Array.of(1, 2));
      const view = new DataView(repair.repair({ data, clockMs, aacPacketType: 1 }));
      return ((view.getUint8(7) << 24) >>> 0) + (view.getUint32(4) >>> 8);
    };
    const low = (ms: number) => ms % 2 ** 32;
    expect(stamp(500)).toBe(low(wallMs));
    wallMs += 100;
    expect(stamp(520)).toBe(low(wallMs - 80));
    expect(stamp(9_000)).toBe(low(wallMs));
  });

  it('takes nothing that is no tag', () => {
    const repair = new FlvTagRepair(() => 0);
    expect(() => repair.repair({ data: new ArrayBuffer(4), clockMs: 0 })).toThrow(/FLV/);
    expect(() => repair.repair({ data: new ArrayBuffer(40), clockMs: 0 })).toThrow(/FLV/);
  });
});
