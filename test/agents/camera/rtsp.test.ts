import { FfmpegSource } from '../../../agents/camera/ffmpeg-source';
import { createNodeHost } from '../../../services/host/node';
import { isKeyframe, parseAudioTag, parseVideoTag } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { describeWithFfmpeg } from '../../lib/ffmpeg';
import { RtspCamera } from './lib/rtsp-camera';

jest.setTimeout(90_000);

const H264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-coder', '1', '-profile:v', 'main'];
const H265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=error'];
const G711 = ['-c:a', 'pcm_alaw', '-ar', '8000', '-ac', '1'];
const AAC = ['-c:a', 'aac', '-ar', '16000', '-ac', '1'];

describeWithFfmpeg('a network camera', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  const open = async (
    video: readonly string[],
    audio: readonly string[],
  ): Promise<{
    camera: RtspCamera;
    tags: FlvTag[];
    warnings: string[];
    until: (done: () => boolean) => Promise<void>;
  }> => {
    const camera = await RtspCamera.start(video, audio);
    closers.push(() => camera.close());
    const tags: FlvTag[] = [];
    const warnings: string[] = [];
    let onTag: () => void = () => undefined;
    const source = new FfmpegSource({
      input: { kind: 'rtsp', url: camera.url },
      clock: createNodeHost().clock,
      log: { warn: (text) => warnings.push(text), debug: () => undefined },
    });
    closers.push(() => source.close());
    await source.start({
      onHeader: () => undefined,
      onTag: (tag) => {
        tags.push(tag);
        onTag();
      },
    });
    const until = (done: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        onTag = () => (done() ? resolve() : undefined);
        onTag();
      });
    return { camera, tags, warnings, until };
  };

  it('passes H.264 and AAC untouched, and is found again when it comes back', async () => {
    const { camera, tags, warnings, until } = await open(H264, AAC);
    await until(() => tags.some(isKeyframe) && tags.some(({ type }) => type === 'audio'));
    const config = tags.find((tag) => parseVideoTag(tag)?.packet === 'sequence-header')!;
    // Main profile: what our own encoder never writes.
    expect(config.data[6]).toBe(77);
    const before = tags.length;
    camera.drop();
    await until(() => tags.slice(before).some(isKeyframe));
    expect(warnings).toEqual([expect.stringContaining('starts again in 1 s')]);
  });

  it('encodes H.265 and G.711 for players that take neither', async () => {
    const { tags, until } = await open(H265, G711);
    await until(() => tags.some(isKeyframe) && tags.some(({ type }) => type === 'audio'));
    expect(parseVideoTag(tags.find(({ type }) => type === 'video')!)?.codec).toBe('avc');
    expect(parseAudioTag(tags.find(({ type }) => type === 'audio')!)?.codec).toBe('aac');
  });
});
