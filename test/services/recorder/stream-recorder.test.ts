import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  encodeFlvHeader,
  encodeFlvTag,
  FlvReader,
  isKeyframe,
  isVideoSequenceHeader,
  parseVideoTag,
} from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { FlvFeed } from '../../../services/player';
import { StreamRecorder, StreamTap } from '../../../services/recorder';
import type { RecorderOptions, RecordingFile } from '../../../services/recorder';

const SAMPLE = path.resolve(__dirname, '../../../agents/camera/assets/sample.flv');

class TestFile implements RecordingFile {
  readonly pieces: Uint8Array[] = [];
  finished = false;

  write(bytes: Uint8Array): void {
    this.pieces.push(bytes);
  }

  finish(head: Uint8Array): Promise<void> {
    this.pieces[0] = head;
    this.finished = true;
    return Promise.resolve();
  }

  get bytes(): Uint8Array {
    return Buffer.concat(this.pieces);
  }

  get tags(): readonly FlvTag[] {
    return new FlvReader().push(this.bytes).tags;
  }
}

const framesOf = (tags: readonly FlvTag[]): FlvTag[] =>
  tags.filter((tag) => parseVideoTag(tag)?.packet === 'frames');

/** What the player's demuxer gets of the sample, in pieces. */
function feedSample(onBytes: (bytes: Uint8Array) => void): void {
  const feed = new FlvFeed({
    onBytes,
    onError: (error) => {
      throw error;
    },
  });
  const sample = new Uint8Array(readFileSync(SAMPLE));
  for (let at = 0; at < sample.length; at += 5_000) feed.push(sample.subarray(at, at + 5_000));
}

/** A recorder that begins after some of the stream has been played. */
function record(options: Partial<RecorderOptions> = {}, startAfter = 40) {
  const tap = new StreamTap();
  const files: TestFile[] = [];
  const shown: FlvTag[] = [];
  const reader = new FlvReader();
  let recorder: StreamRecorder | null = null;
  let pushes = 0;
  let cachedFrom = 0;
  feedSample((bytes) => {
    tap.push(bytes);
    for (const tag of reader.push(bytes).tags) {
      if (recorder === null && isKeyframe(tag)) cachedFrom = framesOf(shown).length;
      shown.push(tag);
    }
    pushes++;
    if (pushes === startAfter) {
      recorder = new StreamRecorder(tap, {
        openFile: () => {
          files.push(new TestFile());
          return files[files.length - 1]!;
        },
        ...options,
      });
    }
  });
  return { recorder: recorder!, files, shown, cachedFrom, tap };
}

describe('StreamRecorder', () => {
  it('begins with the latest keyframe, and has every frame that is shown from then on', async () => {
    const { recorder, files, shown, cachedFrom } = record();
    expect(await recorder.stop()).toBe('stopped');
    expect(files).toHaveLength(1);
    expect(files[0]!.finished).toBe(true);
    const frames = framesOf(files[0]!.tags);
    const expected = framesOf(shown).slice(cachedFrom);
    expect(isKeyframe(frames[0]!)).toBe(true);
    expect(frames[0]!.timestampMs).toBe(0);
    expect(frames.map(({ data }) => Buffer.from(data).toString('base64'))).toEqual(
      expected.map(({ data }) => Buffer.from(data).toString('base64')),
    );
  });

  it('makes files that ffprobe takes, with the right length', async () => {
    const { recorder, files } = record();
    const { durationMs } = recorder.progress;
    await recorder.stop();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'recorder-'));
    try {
      const file = path.join(folder, 'recording.flv');
      writeFileSync(file, files[0]!.bytes);
      const args = ['-v', 'error', '-count_frames', '-of', 'json', '-show_streams', '-show_format'];
      const probe = JSON.parse(execFileSync('ffprobe', [...args, file]).toString());
      expect(probe.streams.map(({ codec_name: name }: { codec_name: string }) => name)).toEqual([
        'h264',
        'aac',
      ]);
      expect(Number(probe.streams[0].nb_read_frames)).toBe(framesOf(files[0]!.tags).length);
      expect(Number(probe.format.duration) * 1_000).toBeCloseTo(durationMs, -2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('rolls on into another file without losing a frame, each below the limit', async () => {
    const maxFileBytes = 200_000;
    const { recorder, files, shown, cachedFrom } = record({ maxFileBytes, rolling: true });
    await recorder.stop();
    expect(files.length).toBeGreaterThan(1);
    for (const file of files) {
      expect(file.bytes.length).toBeLessThanOrEqual(maxFileBytes);
      expect(isKeyframe(framesOf(file.tags)[0]!)).toBe(true);
    }
    const all = files.flatMap((file) => framesOf(file.tags));
    expect(all.map(({ data }) => data.length)).toEqual(
      framesOf(shown)
        .slice(cachedFrom)
        .map(({ data }) => data.length),
    );
  });

  it('ends when it is full, and says so', async () => {
    const onFull = jest.fn();
    const { recorder, files } = record({ maxFileBytes: 200_000, onFull });
    expect(onFull).toHaveBeenCalledTimes(1);
    expect(await recorder.stop()).toBe('full');
    expect(files).toHaveLength(1);
    expect(files[0]!.bytes.length).toBeLessThanOrEqual(200_000);
  });

  it('goes on in the same file over a reconnection, with times that only grow', async () => {
    const { recorder, files, tap } = record({}, 5);
    tap.restart();
    feedSample((bytes) => tap.push(bytes));
    await recorder.stop();
    expect(files).toHaveLength(1);
    const times = framesOf(files[0]!.tags).map(({ timestampMs }) => timestampMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const seam = framesOf(files[0]!.tags).findIndex((tag, i) => i > 5 && isKeyframe(tag));
    expect(seam).toBeGreaterThan(0);
  });

  it('begins another file where the decoder is set up anew', async () => {
    const { recorder, files, tap, shown } = record({}, 5);
    const setup = shown.find(isVideoSequenceHeader)!;
    const other = { ...setup, data: Uint8Array.from([...setup.data, 0]) };
    tap.restart();
    const key = shown.find(isKeyframe)!;
    tap.push(encodeFlvHeader({ hasAudio: true, hasVideo: true }));
    tap.push(encodeFlvTag(other, 0));
    tap.push(encodeFlvTag(key, 0));
    await recorder.stop();
    expect(files).toHaveLength(2);
    expect(framesOf(files[1]!.tags)).toHaveLength(1);
  });

  it('says that there is nothing where no keyframe has come', async () => {
    const recorder = new StreamRecorder(new StreamTap(), { openFile: () => new TestFile() });
    await expect(recorder.stop()).rejects.toMatchObject({ reason: 'recording-empty' });
  });
});
