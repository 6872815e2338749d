import type { CameraDescription } from '../../../agents/camera/camera-options';
import { FlvReader, isKeyframe } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { CameraWorld } from './lib/camera-world';
import type { RemoteViewer } from './lib/camera-world';

interface Files {
  readonly file_list: readonly { readonly file_name: string; readonly file_size: number }[];
}
interface Records {
  readonly video_list: readonly { readonly start_time: number; readonly end_time: number }[];
}

const INNER = 'action=inner_define&channel=0&cmd=';

describe('a camera with a card', () => {
  let world: CameraWorld;
  let camera: CameraDescription;
  let viewer: RemoteViewer;
  let range: string;
  beforeEach(async () => {
    world = await CameraWorld.start();
    camera = await world.camera({ cardBytes: 256 * 1024 * 1024, demoDays: 1 });
    viewer = world.viewer(camera);
    const nowS = Math.floor(Date.now() / 1_000);
    range = `start_time=${nowS - 2 * 86_400}&end_time=${nowS - 60}`;
    // The past is filled while the camera is on duty already.
    while ((await files()).file_list.length === 0);
  });
  afterEach(() => world.close());

  const files = async (): Promise<Files> =>
    (await viewer.command(`${INNER}get_file_list&${range}&file_type=0`)) as Files;

  it('lists recordings, and hands a file out from any place on', async () => {
    const { file_list: list } = await files();
    const { video_list: records } = (await viewer.command(
      `${INNER}get_record_index&${range}`,
    )) as Records;
    expect(records[0]!.end_time).toBeGreaterThan(records[0]!.start_time);
    const { file_name, file_size } = list[0]!;
    const offset = file_size - 1_000;
    const query = `channel=0&file_name=${encodeURIComponent(file_name)}`;
    const whole = await viewer.ask(`/file?${query}&offset=0`);
    const tail = await viewer.ask(`/file?${query}&offset=${offset}`);
    expect([whole.status, whole.body.length]).toEqual([200, file_size]);
    expect(tail.body).toEqual(whole.body.subarray(offset));
    expect(new FlvReader().push(whole.body).error).toBeNull();
    const day = new Date(records[0]!.start_time * 1_000);
    const month = `${day.getFullYear()}${String(day.getMonth() + 1).padStart(2, '0')}`;
    const answer = await viewer.command(`${INNER}get_month_record&time=${month}`);
    expect(Number((answer as { video_list: string }).video_list)).toBeGreaterThan(0);
  });

  it('plays back, and does what the viewer says', async () => {
    const { video_list: records } = (await viewer.command(
      `${INNER}get_record_index&${range}`,
    )) as Records;
    const { start_time } = records[0]!;
    const tags: FlvTag[] = [];
    const reader = new FlvReader();
    await new Promise<void>((resolve) => {
      const query = `action=playback&channel=0&start_time=${start_time}&end_time=${start_time + 30}`;
      viewer.start(`/ipc.flv?${query}`, {
        onData: (bytes) => {
          tags.push(...reader.push(bytes).tags);
          if (tags.length > 10) resolve();
        },
      });
    });
    expect(tags.find(({ data }) => data[1] === 1 && data[0] === 0x17)?.timestampMs).toBe(0);
    expect(tags.some(isKeyframe)).toBe(true);
    expect(await viewer.command(`${INNER}playback_pause`)).toEqual({ status: '0' });
    expect(await viewer.command(`${INNER}playback_seek&progress=20000`)).toMatchObject({
      status: '0',
    });
    const { progress } = (await viewer.command(`${INNER}playback_progress`)) as {
      progress: number;
    };
    expect(progress).toBeGreaterThan(15_000);
    expect(progress).toBeLessThanOrEqual(20_000);
    expect(await viewer.command(`${INNER}playback_resume`)).toEqual({ status: '0' });
    expect(await viewer.ask(`/command?${INNER}playback_seek&progress=99999`)).toMatchObject({
      status: 400,
      text: expect.stringContaining('progress') as string,
    });
  });
});
