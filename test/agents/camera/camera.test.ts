import type { CameraDescription } from '../../../agents/camera/camera-options';
import { Relay } from '../../../agents/relay/relay';
import { FlvReader, isKeyframe } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { decodeXp2pInfo } from '../../../services/p2p/module';
import { CameraWorld } from './lib/camera-world';
import type { Answer } from './lib/camera-world';

describe('startCamera', () => {
  let world: CameraWorld;
  beforeEach(async () => {
    world = await CameraWorld.start();
  });
  afterEach(() => world.close());

  const camera: CameraWorld['camera'] = (options) => world.camera({ maxViewers: 2, ...options });
  const ask = (description: CameraDescription, target: string): Promise<Answer> =>
    world.viewer(description).ask(target);

  const live = '/ipc.flv?action=live&channel=0&quality=high';
  const watch = (description: CameraDescription): Promise<readonly FlvTag[]> =>
    new Promise((resolve, reject) => {
      const tags: FlvTag[] = [];
      const reader = new FlvReader();
      const { answer } = world.viewer(description).start(live, {
        onData: (bytes) => {
          tags.push(...reader.push(bytes).tags);
          if (tags.length >= 6) resolve(tags);
        },
      });
      answer.then(({ status, text }) => reject(new Error(`${status} ${text}`)), reject);
    });

  it('streams its clip through a relay, from a keyframe at 0 on', async () => {
    const tags = await watch(await camera());
    expect(tags.slice(0, 3).map(({ type }) => type)).toEqual(['script', 'video', 'audio']);
    expect(isKeyframe(tags[3]!)).toBe(true);
    expect(tags[3]!.timestampMs).toBe(0);
  });

  it('turns away a viewer too many, and counts the others', async () => {
    const description = await camera({ maxViewers: 1 });
    await watch(description);
    expect(await ask(description, live)).toMatchObject({
      status: 503,
      text: 'too many viewers, try later',
    });
    const state = '/command?action=inner_define&channel=0&cmd=get_device_st&type=live';
    expect(JSON.parse((await ask(description, state)).text)).toEqual([
      { status: '405', appConnectNum: '1' },
    ]);
  });

  it('tells who it is, with the relay’s public URL', async () => {
    const publicRelayUrl = 'wss://relay.example/relay';
    const description = await camera({ publicRelayUrl, name: 'Door' });
    expect(description.name).toBe('Door');
    expect(decodeXp2pInfo(description.xp2pInfo).relayUrl).toBe(publicRelayUrl);
  });

  it('claims the version and the kind that it was told', async () => {
    const { xp2pInfo } = await camera({ deviceVersion: '2.3.7' });
    expect(decodeXp2pInfo(xp2pInfo)).toMatchObject({ sdkVersion: '2.3.7', flags: '' });
  });

  it('refuses viewers with an old secret', async () => {
    const first = await camera();
    await world.closeLast();
    const second = await camera({ rotateSecret: true });
    expect([second.productId, second.deviceName]).toEqual([first.productId, first.deviceName]);
    await expect(ask(first, '/capabilities')).rejects.toMatchObject({ reason: 'access-denied' });
    expect((await ask(second, '/capabilities')).status).toBe(200);
  });

  it('registers again when the relay comes back', async () => {
    const states: string[] = [];
    let registeredAgain = (): void => undefined;
    const again = new Promise<void>((resolve) => (registeredAgain = resolve));
    await camera({
      onRelay: (state) => {
        states.push(state);
        if (states.length === 4) registeredAgain();
      },
    });
    const port = Number(new URL(world.relayUrl).port);
    await world.relay.close();
    const relay = new Relay({ metrics: false, port });
    await relay.start();
    await again;
    await relay.close();
    expect(states.slice(0, 4)).toEqual(['connecting', 'registered', 'lost', 'registered']);
  });

  it.each([
    [{ relayUrl: 'http://relay.example' }, 'is no relay'],
    [{ publicRelayUrl: 'relay.example' }, 'is no relay'],
    [{ inputs: [{ kind: 'file', path: '/no/such/file' }] as const }, 'there is no file'],
    [{ deviceVersion: '1.0.0' }, 'give 2.3.x or 2.4.x'],
    [{ channels: 65 }, '--channels must be from 1 to 64'],
    [{ inputs: [{ kind: 'clip' }, { kind: 'testsrc' }], channels: 1 } as const, '--channels'],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(camera(options)).rejects.toThrow(message);
  });
});
