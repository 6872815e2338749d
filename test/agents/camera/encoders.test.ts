import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Capabilities } from '../../../agents/camera/capabilities';
import type { CameraDescription } from '../../../agents/camera/camera-options';
import { FlvReader, isKeyframe, isVideoSequenceHeader } from '../../../services/media/flv';
import { CameraWorld } from './lib/camera-world';
import { describeWithFfmpeg } from '../../lib/ffmpeg';
import { decodeComplaints, probe } from './lib/ffprobe';

/** Starting an encoder takes seconds on a busy machine. */
jest.setTimeout(60_000);

describeWithFfmpeg('a camera with ffmpeg', () => {
  let world: CameraWorld;
  beforeEach(async () => {
    world = await CameraWorld.start();
  });
  afterEach(() => world.close());

  /** Watches until so much has come. */
  const watch = (camera: CameraDescription, query: string, bytes: number): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      const chunks: Uint8Array[] = [];
      let count = 0;
      const asking = world.viewer(camera).start(`/ipc.flv?${query}`, {
        onData: (chunk) => {
          chunks.push(chunk.slice());
          count += chunk.length;
          if (count >= bytes) resolve(Buffer.concat(chunks));
        },
      });
      asking.answer.then(({ status, text }) => reject(new Error(`${status} ${text}`)), reject);
    });

  it('has three qualities, of which the smallest is smaller', async () => {
    const camera = await world.camera();
    const { text } = await world.viewer(camera).ask('/capabilities');
    expect((JSON.parse(text) as Capabilities).qualities).toEqual(['standard', 'high', 'super']);
    const high = await watch(camera, 'action=live&quality=high', 200_000);
    const standard = await watch(camera, 'action=live&quality=standard', 60_000);
    const widthOf = (flv: Buffer): number | undefined => probe(flv).streams[0]?.width;
    expect([widthOf(high), widthOf(standard)]).toEqual([640, 320]);
    const { tags } = new FlvReader().push(standard);
    const first = tags.find(isKeyframe);
    expect(first?.timestampMs).toBe(0);
  });

  it('sends sound by itself', async () => {
    const camera = await world.camera();
    const sound = await watch(camera, 'action=live-audio&channel=0', 20_000);
    const { streams, complaints } = probe(sound);
    expect(streams.map(({ codec_type }) => codec_type)).toEqual(['audio']);
    expect(complaints).toBe('');
  });

  it('sends single pictures', async () => {
    const camera = await world.camera({ pictureStream: true });
    expect(camera.xp2pInfo).toMatch(/%2\.4\.0m$/);
    const viewer = world.viewer(camera);
    let pieces = Buffer.alloc(0);
    await new Promise<void>((resolve) => {
      viewer.start('/ipc.flv?action=live-mjpg&channel=0', {
        onData: (bytes) => {
          pieces = Buffer.concat([pieces, bytes]);
          if (pieces.indexOf('--picture', 100) > 0) resolve();
        },
      });
    });
    const head = /^--picture\r\nContent-Type: image\/jpeg\r\nContent-Length: (\d+)\r\n\r\n/.exec(
      pieces.toString('latin1'),
    )!;
    const jpeg = pieces.subarray(head[0].length, head[0].length + Number(head[1]));
    expect(probe(jpeg).streams[0]).toMatchObject({ codec_name: 'mjpeg', width: 640 });
    expect((await viewer.ask('/ipc.flv?action=live')).status).toBe(404);
    expect((await viewer.ask('/capabilities')).text).toContain('"pictureStream":true');
  });

  it('shows several inputs as channels, within the bit rate', async () => {
    const camera = await world.camera({
      inputs: [{ kind: 'testsrc' }, { kind: 'clip' }],
      channels: 2,
      maxKbps: 300,
    });
    const pattern = await watch(camera, 'action=live&channel=0&quality=super', 60_000);
    const clip = await watch(camera, 'action=live&channel=1&quality=super', 60_000);
    expect([probe(pattern).streams[0]?.width, probe(clip).streams[0]?.width]).toEqual([640, 640]);
    const nvr = await world.viewer(camera).command('action=inner_define&cmd=get_nvr_list');
    expect(nvr).toMatchObject([{ Channel: '0' }, { Channel: '1', Online: '1' }]);
  });

  it('shows that it turns, and passes its own picture again when it is home', async () => {
    const camera = await world.camera();
    const viewer = world.viewer(camera);
    const chunks: Uint8Array[] = [];
    const reader = new FlvReader();
    let openings = 0;
    let pictures = 0;
    let onPicture: () => void = () => undefined;
    viewer.start('/ipc.flv?action=live', {
      onData: (bytes) => {
        chunks.push(bytes.slice());
        for (const tag of reader.push(bytes).tags) {
          if (isVideoSequenceHeader(tag)) openings++;
          if (tag.type === 'video') pictures++;
        }
        onPicture();
      },
    });
    const until = (done: () => boolean): Promise<void> =>
      new Promise((resolve) => {
        onPicture = () => (done() ? resolve() : undefined);
      });
    /** The colour at the left edge of the latest picture: bars, the first of them red. */
    const edge = (): string => {
      const { stdout } = spawnSync(
        'ffmpeg',
        [
          ...'-loglevel error -i - -map 0:v -vf crop=2:2:8:100 -pix_fmt rgb24 -f rawvideo -'.split(
            ' ',
          ),
        ],
        { input: Buffer.concat(chunks), maxBuffer: 1 << 26 },
      );
      const [red = 0, green = 0, blue = 0] = stdout.subarray(-3);
      return [red, green, blue].map((value) => (value > 128 ? 1 : 0)).join('');
    };
    /** However long the camera and its encoder take on a busy machine. */
    const untilEdge = async (colour: string): Promise<void> => {
      do {
        const seen = pictures;
        await until(() => pictures > seen + 10);
      } while (edge() !== colour);
    };
    await untilEdge('100');
    for (let i = 0; i < 3; i++) await viewer.command('action=user_define&cmd=ptz_right');
    await until(() => openings === 2);
    // Half a picture further: blue.
    await untilEdge('001');
    await viewer.command('action=user_define&cmd=ptz_home');
    await until(() => openings === 3);
    await untilEdge('100');
  });

  it('keeps AAC in FLV as a file without fault', async () => {
    const { stdout } = spawnSync('ffmpeg', [
      ...['-hide_banner', '-loglevel', 'error', '-f', 'lavfi', '-i', 'sine=duration=2'],
      ...['-c:a', 'aac', '-ar', '16000', '-ac', '1', '-f', 'flv', '-'],
    ]);
    // Pushers leave the header's flags empty.
    stdout[4] = 0;
    const camera = await world.camera();
    const { status, text } = await world
      .viewer(camera)
      .ask('/voice?channel=0', { method: 'POST', body: stdout });
    const { file, format, ms } = JSON.parse(text) as { file: string; format: string; ms: number };
    expect([status, format]).toEqual([200, 'flv']);
    const path = join(world.dataDirectory, 'talk', file);
    expect(probe(path)).toMatchObject({ format: 'flv', complaints: '' });
    expect(decodeComplaints(path)).toBe('');
    expect(ms).toBeGreaterThan(1_800);
  });

  it('keeps PCM as a file without fault', async () => {
    const camera = await world.camera();
    const { text } = await world.viewer(camera).ask('/voice', {
      method: 'POST',
      headers: { 'content-type': 'audio/pcm; rate=16000; channels=1' },
      body: new Uint8Array(32_000),
    });
    const path = join(world.dataDirectory, 'talk', (JSON.parse(text) as { file: string }).file);
    const { durationS, streams, complaints } = probe(path);
    expect([durationS, streams[0]?.sample_rate, complaints]).toEqual([1, '16000', '']);
    expect(decodeComplaints(path)).toBe('');
  });
});
