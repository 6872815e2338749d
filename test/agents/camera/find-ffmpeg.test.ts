import { findFfmpeg, parseFfmpegVersion, writesH265 } from '../../../agents/camera/find-ffmpeg';
import type { ProcessEvents } from '../../../agents/camera/start-process';
import { ManualClock } from '../manual-clock';

describe('findFfmpeg', () => {
  const find = (
    act: (events: ProcessEvents, clock: ManualClock) => void,
  ): { answer: ReturnType<typeof findFfmpeg>; clock: ManualClock } => {
    const clock = new ManualClock();
    let events: ProcessEvents | null = null;
    const answer = findFfmpeg(clock, (_command, _args, given) => {
      events = given;
      return { stop: () => given.onExit('SIGTERM') };
    });
    act(events!, clock);
    return { answer, clock };
  };

  it('tells its version', async () => {
    const { answer, clock } = find((events) => {
      events.onOutput(Buffer.from('ffmpeg version 5.1.9-0+deb12u1 Copyright'));
      events.onExit(0);
    });
    expect([await answer, clock.pendingTimers]).toEqual([{ major: 5, minor: 1 }, 0]);
  });

  it('does without one that is missing, broken or hangs', async () => {
    expect(await find((events) => events.onExit('ENOENT')).answer).toBeNull();
    expect(await find((events) => events.onExit(127)).answer).toBeNull();
    expect(await find((_events, clock) => clock.advance(5_000)).answer).toBeNull();
  });
});

describe('parseFfmpegVersion', () => {
  it.each([
    ['ffmpeg version n7.0.2 Copyright', { major: 7, minor: 0 }],
    ['ffmpeg version N-1234-gabc Copyright', { major: 0, minor: 0 }],
    ['', { major: 0, minor: 0 }],
  ])('reads "%s"', (text, version) => {
    expect(parseFfmpegVersion(text)).toEqual(version);
  });
});

describe('writesH265', () => {
  it('holds from 6.1 on', () => {
    const versions = [
      [5, 1],
      [6, 0],
      [6, 1],
      [7, 0],
    ] as const;
    expect(versions.map(([major, minor]) => writesH265({ major, minor }))).toEqual([
      ...[false, false, true, true],
    ]);
  });
});
