import { readFileSync } from 'node:fs';
import { prepareClip } from '../../../agents/camera/clip';
import { ClipSource } from '../../../agents/camera/clip-source';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import { ManualClock } from '../manual-clock';

const clip = prepareClip(readFileSync('agents/camera/assets/sample.flv'));

interface Heard {
  readonly tag: FlvTag;
  readonly atMs: number;
}

function play(clock: ManualClock): {
  source: ClipSource;
  heard: Heard[];
  headers: FlvHeader[];
} {
  const source = new ClipSource(clip, clock);
  const heard: Heard[] = [];
  const headers: FlvHeader[] = [];
  void source.start({
    onHeader: (header) => headers.push(header),
    onTag: (tag) => heard.push({ tag, atMs: clock.nowMs() }),
  });
  return { source, heard, headers };
}

describe('ClipSource', () => {
  it('keeps both tracks continuous over three rounds, without drift', () => {
    const clock = new ManualClock();
    const startMs = clock.nowMs();
    const { heard, headers } = play(clock);
    clock.advance(24_000);
    const frames = heard.slice(clip.setup.length);
    expect(headers).toEqual([{ hasAudio: true, hasVideo: true }]);
    for (const [type, frameMs] of [
      ['video', 1000 / 15],
      ['audio', 64 / 3],
    ] as const) {
      const times = frames.filter(({ tag }) => tag.type === type).map(({ tag }) => tag.timestampMs);
      expect(times.length).toBe(Math.floor(24_000 / frameMs) + 1);
      for (const [i, timeMs] of times.entries()) expect(timeMs).toBe(Math.round(i * frameMs));
    }
    for (const { tag, atMs } of frames) expect(atMs - startMs).toBe(tag.timestampMs);
  });

  it('sends the setup once', () => {
    const clock = new ManualClock();
    const { heard } = play(clock);
    clock.advance(24_000);
    expect(clip.setup.map(({ type }) => type)).toEqual(['script', 'video', 'audio']);
    expect(heard.filter(({ tag }) => tag.type === 'script')).toHaveLength(1);
  });

  it('makes up for a timer that fired late', () => {
    const clock = new ManualClock();
    const { heard } = play(clock);
    const startMs = clock.nowMs();
    clock.suspend(500);
    clock.advance(0);
    expect(heard.at(-1)!.tag.timestampMs).toBe(491);
    clock.advance(1_000);
    expect(heard.at(-1)!.tag.timestampMs).toBe(1_493);
    expect(heard.at(-1)!.atMs - startMs).toBe(1_493);
  });

  it('does not make up for a machine that slept', () => {
    const clock = new ManualClock();
    const { heard } = play(clock);
    clock.suspend(3_600_000);
    clock.advance(0);
    expect(heard.length - clip.setup.length).toBeLessThan(10);
    const before = heard.at(-1)!.tag.timestampMs;
    clock.advance(1_000);
    expect(heard.at(-1)!.tag.timestampMs - before).toBeGreaterThan(950);
  });

  it('stops when it is closed, also from within a tag', async () => {
    const clock = new ManualClock();
    const source = new ClipSource(clip, clock);
    let tags = 0;
    await source.start({
      onHeader: () => undefined,
      onTag: () => {
        if (++tags === 10) void source.close();
      },
    });
    clock.advance(10_000);
    expect(tags).toBe(10);
    expect(clock.pendingTimers).toBe(0);
  });
});
