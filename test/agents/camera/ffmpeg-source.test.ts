import { FfmpegSource } from '../../../agents/camera/ffmpeg-source';
import type { FfmpegInput } from '../../../agents/camera/ffmpeg-args';
import type { ProcessEvents } from '../../../agents/camera/start-process';
import type { FlvTag } from '../../../services/media/flv';
import { avcFrame, encodeFlv } from '../../services/media/flv/flv-samples';
import { ManualClock } from '../manual-clock';

class FakeProcess {
  stopped = 0;
  constructor(
    readonly command: string,
    readonly args: readonly string[],
    readonly events: ProcessEvents,
  ) {}
  stop(): void {
    this.stopped++;
  }
}

/** Lets promises that are settled have their say. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

const stream = encodeFlv([avcFrame(0, true), avcFrame(40, false)]);

describe('FfmpegSource', () => {
  let clock: ManualClock;
  let processes: FakeProcess[];
  let source: FfmpegSource;
  let headers: number;
  let tags: FlvTag[];
  let warnings: string[];

  const start = (input: FfmpegInput): Promise<void> => {
    clock = new ManualClock();
    processes = [];
    headers = 0;
    tags = [];
    warnings = [];
    source = new FfmpegSource({
      input,
      clock,
      log: { warn: (message) => warnings.push(message), debug: () => undefined },
      startProcess: (command, args, events) => {
        const process = new FakeProcess(command, args, events);
        processes.push(process);
        return process;
      },
    });
    return source.start({ onHeader: () => headers++, onTag: (tag) => tags.push(tag) });
  };
  const latest = (): FakeProcess => processes.at(-1)!;
  const end = async (code: number | string | null): Promise<void> => {
    latest().events.onExit(code);
    await settle();
  };
  /** Starts, and answers the question whether ffmpeg is there. */
  const started = async (input: FfmpegInput = { kind: 'testsrc' }): Promise<void> => {
    const starting = start(input);
    expect(latest().args).toEqual(['-version']);
    latest().events.onExit(0);
    await starting;
    await settle();
  };

  it('says how to install ffmpeg when it is missing', async () => {
    const starting = start({ kind: 'testsrc' });
    latest().events.onExit('ENOENT');
    await expect(starting).rejects.toThrow(/apt-get install ffmpeg.*brew.*winget.*--input clip/);
    expect(processes).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('hands on what ffmpeg writes', async () => {
    await started();
    expect(latest().command).toBe('ffmpeg');
    for (const byte of stream) latest().events.onOutput(Uint8Array.of(byte));
    expect(headers).toBe(1);
    expect(tags).toEqual([avcFrame(0, true), avcFrame(40, false)]);
  });

  it('starts ffmpeg again when it ends, with growing waits', async () => {
    await started();
    for (const waitMs of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = processes.length;
      await end(1);
      clock.advance(waitMs - 1);
      await settle();
      expect(processes).toHaveLength(before);
      clock.advance(1);
      await settle();
      expect(processes).toHaveLength(before + 1);
    }
  });

  it('waits briefly again after a good run, and begins a new stream', async () => {
    await started();
    await end(1);
    clock.advance(1_000);
    await settle();
    for (let i = 0; i < 3; i++) {
      latest().events.onOutput(i === 0 ? stream : new Uint8Array(0));
      clock.advance(5_000);
    }
    await end(0);
    clock.advance(1_000);
    await settle();
    latest().events.onOutput(stream);
    expect([headers, tags.length]).toEqual([2, 4]);
  });

  it('stops an ffmpeg that falls silent', async () => {
    await started();
    latest().events.onOutput(stream);
    clock.advance(14_999);
    expect(latest().stopped).toBe(0);
    clock.advance(1);
    expect(latest().stopped).toBe(1);
    await end('SIGTERM');
    expect(warnings.at(-1)).toContain('no output for 15 s');
  });

  it('stops an ffmpeg that writes something else', async () => {
    await started();
    latest().events.onOutput(new TextEncoder().encode('hello'));
    expect(latest().stopped).toBe(1);
    expect(warnings[0]).toContain('not valid FLV');
  });

  it('asks what a network camera sends, and copies it', async () => {
    await started({ kind: 'rtsp', url: 'rtsp://me:secret@cam/1' });
    expect(latest().command).toBe('ffprobe');
    const answer =
      '{"streams":[{"codec_type":"video","codec_name":"h264","pix_fmt":"yuv420p"},' +
      '{"codec_type":"audio","codec_name":"aac"}]}';
    latest().events.onOutput(new TextEncoder().encode(answer));
    await end(0);
    expect(latest().command).toBe('ffmpeg');
    expect(latest().args.join(' ')).toContain('-c:v copy -c:a copy');
  });

  it('encodes a network camera’s stream when ffprobe is missing or fails', async () => {
    await started({ kind: 'rtsp', url: 'rtsp://cam/1' });
    await end('ENOENT');
    expect(latest().args).toContain('libx264');
  });

  it('asks again after a short run: it may be another camera by now', async () => {
    await started({ kind: 'rtsp', url: 'rtsp://cam/1' });
    await end(0);
    await end(1);
    clock.advance(1_000);
    await settle();
    expect(latest().command).toBe('ffprobe');
  });

  it('gives up on an ffprobe that hangs', async () => {
    await started({ kind: 'rtsp', url: 'rtsp://cam/1' });
    clock.advance(15_000);
    expect(latest().stopped).toBe(1);
  });

  it('keeps passwords out of the log', async () => {
    await started({ kind: 'rtsp', url: 'rtsp://me:secret@cam/1' });
    await end(1);
    latest().events.onLog('rtsp://me:secret@cam/1: Connection refused');
    await end(1);
    expect(warnings.join()).toContain('rtsp://***@cam/1: Connection refused');
    expect(warnings.join()).not.toContain('secret');
  });

  it('stops ffmpeg when it closes, and waits for its end', async () => {
    await started();
    const closing = source.close();
    expect(latest().stopped).toBe(1);
    latest().events.onOutput(stream);
    await end('SIGTERM');
    await closing;
    expect([tags.length, processes.length, clock.pendingTimers]).toEqual([0, 2, 0]);
  });

  it('starts nothing more when it closes while it waits', async () => {
    await started();
    await end(1);
    await source.close();
    clock.advance(60_000);
    expect([processes.length, clock.pendingTimers]).toEqual([2, 0]);
  });
});
