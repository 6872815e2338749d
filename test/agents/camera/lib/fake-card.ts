import type { CardApi, PlaybackRequest, PlaybackSession } from '../../../../agents/camera/card';
import { IotError, XP2PErrorCode } from '../../../../services/errors';
import type { ResponseWriter } from '../../../../services/p2p/http';

/** A playback that takes down what is asked of it. */
export class FakePlayback implements PlaybackSession {
  open = true;
  paused = false;
  progressMs = 1_234.4;
  readonly calls: string[] = [];

  constructor(
    readonly channel: number,
    private readonly lengthMs: number,
  ) {}

  seek(ms: number): Promise<number> {
    if (ms <= this.lengthMs) return Promise.resolve(ms - 40);
    return Promise.reject(
      new IotError({
        code: XP2PErrorCode.BadParameter,
        phase: 'stream',
        reason: 'bad-parameter',
        message: 'it is beyond the end',
        retryable: false,
        field: 'progress',
      }),
    );
  }
  pause(): void {
    this.paused = true;
  }
  resume(): void {
    this.paused = false;
  }
  setSpeed(factor: number): void {
    this.calls.push(`speed ${factor}`);
  }
  setFrameInterval(ms: number): void {
    this.calls.push(`interval ${ms}`);
  }
  setKeyframeStep(n: number): void {
    this.calls.push(`step ${n}`);
  }
  close(): void {
    this.open = false;
  }
}

/** A card with one recording, from 1 000 s to 1 060 s. */
export class FakeCard implements CardApi {
  readonly timeZone = 'UTC';
  readonly usedBytes = 0;
  readonly playbacks: FakePlayback[] = [];
  readonly played: PlaybackRequest[] = [];
  readonly opened: unknown[] = [];
  faulty = false;

  recorder(channel: number): ReturnType<CardApi['recorder']> {
    return {
      channel,
      state: this.faulty
        ? { name: 'faulty', fault: 'disk-full', message: 'full' }
        : { name: 'recording' },
      onState: null,
      onHeader: () => undefined,
      onTag: () => undefined,
    };
  }
  month(): number {
    return 0x80000001;
  }
  day(): { startS: number; endS: number } {
    return { startS: 0, endS: 86_400 };
  }
  records(): { start_time: number; end_time: number }[] {
    return [{ start_time: 1_000, end_time: 1_060 }];
  }
  events(): { start_time: number; end_time: number }[] {
    return [{ start_time: 1_020, end_time: 1_028 }];
  }
  thumbnail(_channel: number, timeS: number): ReturnType<CardApi['thumbnail']> {
    const has = timeS < 1_060;
    return Promise.resolve(has ? { recordedMs: 1_019_400, jpeg: Uint8Array.of(255, 216) } : null);
  }
  files(): ReturnType<CardApi['files']> {
    return [
      { file_type: '0', file_name: 'a.flv', file_size: 9, start_time: 1_000, end_time: 1_060 },
    ];
  }
  openPlayback(request: PlaybackRequest, response: ResponseWriter): PlaybackSession {
    response.writeHead(200);
    this.played.push(request);
    const playback = new FakePlayback(request.channel, (request.endS - request.startS) * 1_000);
    this.playbacks.push(playback);
    return playback;
  }
  openFile(request: unknown, response: ResponseWriter): void {
    this.opened.push(request);
    response.end();
  }
  close(): Promise<void> {
    return Promise.resolve();
  }
}
