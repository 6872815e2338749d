import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { avcPictureSize } from '@components/player-view/avc-picture-size';
import { remuxToMp4 } from '@components/player-view/remux-to-mp4';
import { encodeFlvHeader, encodeFlvTag } from '@services/media/flv';
import fc from 'fast-check';

const SAMPLE = path.resolve(__dirname, '../../../agents/camera/assets/sample.flv');

/** What ffmpeg decodes of a file: a digest of each picture. */
function picturesOf(file: string): string[] {
  const args = ['-v', 'error', '-i', file, '-map', '0:v', '-fps_mode', 'passthrough'];
  const out = execFileSync('ffmpeg', [...args, '-f', 'framemd5', '-']).toString();
  return out
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').pop()!.trim());
}

describe('remuxToMp4', () => {
  it('makes an MP4 of the same pictures, with the sound beside them', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'remux-'));
    try {
      const flv = Uint8Array.from(readFileSync(SAMPLE));
      const mp4 = await remuxToMp4([flv.subarray(0, 50_000), flv.subarray(50_000)]);
      const file = path.join(folder, 'recording.mp4');
      writeFileSync(file, mp4!);
      const probe = JSON.parse(
        execFileSync('ffprobe', [
          ...['-v', 'error', '-of', 'json', '-show_streams', '-show_format', file],
        ]).toString(),
      );
      expect(probe.format.format_name).toContain('mp4');
      expect(probe.streams).toMatchObject([
        { codec_name: 'h264', width: 640, height: 360 },
        { codec_name: 'aac' },
      ]);
      const [video, audio] = probe.streams;
      expect(Math.abs(video.duration - audio.duration)).toBeLessThan(0.5);
      const expected = picturesOf(SAMPLE);
      expect(expected.length).toBeGreaterThan(50);
      expect(picturesOf(file)).toEqual(expected);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('leaves what MP4 does not carry here to FLV', async () => {
    const header = encodeFlvHeader({ hasAudio: false, hasVideo: true });
    const data = Uint8Array.from([0x1c, 0, 0, 0, 0, 1, 2, 3]);
    const hevc = encodeFlvTag({ type: 'video', timestampMs: 0, data });
    expect(await remuxToMp4([header, hevc])).toBeNull();
    expect(await remuxToMp4([])).toBeNull();
  });
});

describe('avcPictureSize', () => {
  it('reads or refuses any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const record = Uint8Array.from([1, 66, 0, 31, 255, 0xe1, 0, bytes.length, ...bytes]);
        for (const each of [bytes, record]) {
          const size = avcPictureSize(each);
          if (size === null) continue;
          expect(size.width).toBeGreaterThan(0);
          expect(size.height).toBeLessThanOrEqual(16_384);
        }
      }),
      { numRuns: 500 },
    );
  });
});
