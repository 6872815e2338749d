import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CameraDescription } from '../../../agents/camera/camera-options';
import type { Capabilities } from '../../../agents/camera/capabilities';
import { CameraWorld } from './lib/camera-world';

const PCM = { 'content-type': 'audio/pcm; rate=8000; bits=16; channels=1' };
const VOICE_STATE = 'action=inner_define&channel=0&cmd=get_device_st&type=voice';
const ptz = (cmd: string): string =>
  `action=user_define&channel=0&cmd=${encodeURIComponent(JSON.stringify({ topic: 'ptz', data: { cmd }, message_id: 7 }))}`;

describe('a camera over the engine', () => {
  let world: CameraWorld;
  let camera: CameraDescription;
  beforeEach(async () => {
    world = await CameraWorld.start();
    camera = await world.camera({ name: 'Door' });
  });
  afterEach(() => world.close());

  const talks = (): string[] => readdirSync(join(world.dataDirectory, 'talk'));

  it('keeps what is said as WAV, and answers how much that was', async () => {
    const body = new Uint8Array(16_000).map((_, i) => i);
    const { status, text } = await world.viewer(camera).ask('/voice?channel=0', {
      method: 'POST',
      headers: PCM,
      body,
    });
    const [file] = talks();
    expect([status, JSON.parse(text)]).toEqual([
      200,
      { bytes: 16_000, ms: 1_000, format: 'pcm', file },
    ]);
    const wav = readFileSync(join(world.dataDirectory, 'talk', file!));
    expect(wav.readUInt32LE(40)).toBe(16_000);
    expect(Uint8Array.from(wav.subarray(44))).toEqual(body);
  });

  it('lets one talk at a time, and the next one at once after a reset', async () => {
    const first = world.viewer(camera);
    const second = world.viewer(camera);
    const talking = first.start('/voice?channel=0', { method: 'POST', headers: PCM });
    talking.handle.write(new Uint8Array(320));
    while ((await second.command(VOICE_STATE).then(statusOf)) !== '1');
    const refused = await second.ask('/voice?channel=0', { method: 'POST', headers: PCM });
    expect([refused.status, JSON.parse(refused.text)]).toEqual([
      503,
      { status: '1', reason: 'somebody else is talking' },
    ]);
    talking.handle.cancel();
    while ((await second.command(VOICE_STATE).then(statusOf)) !== '0');
    const body = new Uint8Array(320);
    expect((await second.ask('/voice', { method: 'POST', headers: PCM, body })).status).toBe(200);
  });

  it('frees the loudspeaker when the talker’s session closes', async () => {
    const first = world.viewer(camera);
    const second = world.viewer(camera);
    first.start('/voice', { method: 'POST', headers: PCM }).handle.write(new Uint8Array(320));
    while ((await second.command(VOICE_STATE).then(statusOf)) !== '1');
    first.close();
    while ((await second.command(VOICE_STATE).then(statusOf)) !== '0');
    expect(talks()).toHaveLength(1);
  });

  it('turns, says so, and stops when the viewer is gone', async () => {
    const first = world.viewer(camera);
    const second = world.viewer(camera);
    const position = 'action=user_define&cmd=get_ptz_position';
    expect(await first.command(ptz('ptz_left_press'))).toMatchObject({
      topic: 'ptz',
      message_id: 7,
      status: '0',
      apex: 'no',
      moving: 'yes',
    });
    expect(await second.command(position)).toMatchObject({ moving: 'yes' });
    first.close();
    for (;;) {
      const { moving, pan } = (await second.command(position)) as { moving: string; pan: number };
      if (moving === 'yes') continue;
      expect(pan).toBeLessThan(0);
      // The limit was not what stopped it.
      expect(pan).toBeGreaterThan(-170);
      return;
    }
  });

  it('tells what it can do', async () => {
    const { text } = await world.viewer(camera).ask('/capabilities');
    const capabilities = JSON.parse(text) as Capabilities;
    expect(capabilities).toMatchObject({
      name: 'Door',
      channels: 1,
      pictureStream: false,
      ptz: { axes: ['pan', 'tilt', 'zoom'], zoom: true },
      talk: { talkers: 1, codecs: ['pcm', 'flv'] },
      playback: null,
      files: null,
    });
  });

  it('survives requests that make no sense', async () => {
    const viewer = world.viewer(camera);
    const odd = ['/command', '/ipc.flv?action=%00', '/file?file_name=../x', '/voice', '/__proto__'];
    for (const target of odd) {
      expect((await viewer.ask(target)).status).toBeGreaterThanOrEqual(400);
    }
    expect((await viewer.ask('/capabilities')).status).toBe(200);
  });
});

function statusOf(answer: unknown): string {
  return (answer as readonly { readonly status: string }[])[0]!.status;
}
