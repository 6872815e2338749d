import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startCamera } from '../../../agents/camera/camera';
import type { CameraDescription, CameraOptions } from '../../../agents/camera/camera';
import { Relay } from '../../../agents/relay/relay';
import { createNodeHost } from '../../../services/host/node';
import { FlvReader, isKeyframe } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { Endpoint } from '../../../services/p2p/endpoint';
import { priorityOf } from '../../../services/p2p/http';
import { decodeXp2pInfo } from '../../../services/p2p/module';

interface Answer {
  readonly status: number;
  readonly text: string;
}

describe('startCamera', () => {
  let relay: Relay;
  let relayUrl: string;
  let dataDirectory: string;
  const closers: (() => Promise<void> | void)[] = [];

  beforeEach(async () => {
    relay = new Relay({ metrics: false });
    ({ url: relayUrl } = await relay.start());
    dataDirectory = mkdtempSync(join(tmpdir(), 'camera-'));
  });
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
    await relay.close();
    rmSync(dataDirectory, { recursive: true });
  });

  const camera = (options: Partial<CameraOptions> = {}): Promise<CameraDescription> =>
    new Promise((resolve, reject) => {
      startCamera({
        relayUrl,
        dataDirectory,
        input: { kind: 'clip' },
        maxViewers: 2,
        rotateSecret: false,
        log: pino({ level: 'silent' }),
        onReady: resolve,
        onRelay: () => undefined,
        ...options,
      }).then((running) => closers.push(() => running.close()), reject);
    });

  /** Asks the camera over the engine; `onTags` gets what a live stream yields. */
  const ask = (
    { xp2pInfo }: CameraDescription,
    target: string,
    onTags?: (tags: readonly FlvTag[]) => void,
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const [path = '', query = ''] = target.split('?');
      const endpoint = new Endpoint(createNodeHost());
      closers.push(() => endpoint.close());
      const connection = endpoint.connect(decodeXp2pInfo(xp2pInfo), {
        onConnected: () => undefined,
        onPath: () => undefined,
        onClosed: (error) => (error ? reject(error) : undefined),
      });
      closers.push(() => connection.close());
      const reader = new FlvReader();
      let status = 0;
      let text = '';
      const request = {
        method: 'GET',
        target,
        priority: priorityOf({ path, query: Object.fromEntries(new URLSearchParams(query)) }),
      } as const;
      connection.request(request, {
        onHead: (head) => {
          status = head.status;
          if (onTags && status === 200) resolve({ status, text });
        },
        onData: (bytes) => {
          if (onTags && status === 200) onTags(reader.push(bytes).tags);
          else text += Buffer.from(bytes).toString();
        },
        onEnd: () => resolve({ status, text }),
        // A session that ends says why in `onClosed`, which follows.
        onFail: () => undefined,
      });
    });

  const live = '/ipc.flv?action=live&channel=0&quality=high';
  const watch = async (description: CameraDescription): Promise<readonly FlvTag[]> => {
    const tags: FlvTag[] = [];
    let enough = (): void => undefined;
    const opened = new Promise<void>((resolve) => (enough = resolve));
    await ask(description, live, (more) => {
      tags.push(...more);
      if (tags.length >= 6) enough();
    });
    await opened;
    return tags;
  };

  it('streams its clip through a relay, from a keyframe at 0 on', async () => {
    const tags = await watch(await camera());
    expect(tags.slice(0, 3).map(({ type }) => type)).toEqual(['script', 'video', 'audio']);
    expect(isKeyframe(tags[3]!)).toBe(true);
    expect(tags[3]!.timestampMs).toBe(0);
  });

  it('turns away a viewer too many, and counts the others', async () => {
    const description = await camera({ maxViewers: 1 });
    await watch(description);
    expect(await ask(description, live)).toEqual({
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

  it('refuses viewers with an old secret', async () => {
    const first = await camera();
    await closers.pop()!();
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
    const port = Number(new URL(relayUrl).port);
    await relay.close();
    relay = new Relay({ metrics: false, port });
    await relay.start();
    await again;
    expect(states).toEqual(['connecting', 'registered', 'lost', 'registered']);
  });

  it.each([
    [{ relayUrl: 'http://relay.example' }, 'is no relay'],
    [{ publicRelayUrl: 'relay.example' }, 'is no relay'],
    [{ input: { kind: 'file', path: '/no/such/file' } as const }, 'there is no file'],
  ])('says what is wrong with %j', async (options, message) => {
    await expect(camera(options)).rejects.toThrow(message);
  });
});
