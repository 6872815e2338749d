import type { XP2PLocalDownloadCallbacks } from '../../../services/p2p/module';
import { answers } from '../../conformance/guide-context';
import { PluginWorld } from './plugin-world';

type Callbacks = Readonly<Record<string, (detail?: unknown) => void>>;
const FILE = { urlParams: 'channel=0&file_name=a.mp4&offset=0' };

function downloadLog(more: XP2PLocalDownloadCallbacks = {}) {
  const log: string[] = [];
  const callbacks: XP2PLocalDownloadCallbacks = {
    onHeadersReceived: ({ status }) => void log.push(`headers ${status}`),
    onChunkReceived: (chunk) => void log.push(`chunk ${chunk.byteLength}`),
    onSuccess: ({ status }) => void log.push(`success ${status}`),
    onFailure: ({ status }) => void log.push(`failure ${status}`),
    onError: ({ errcode }) => void log.push(`error ${errcode}`),
    onComplete: () => void log.push('complete'),
    ...more,
  };
  return { log, callbacks };
}

/** A plugin whose download the test plays. */
function silentDownload() {
  const told: { callbacks: Callbacks } = { callbacks: {} };
  const overrides = {
    startLocalDownload: (...args: unknown[]) => {
      told.callbacks = args[2] as Callbacks;
      return Promise.resolve(0);
    },
    stopLocalDownload: jest.fn(),
  };
  return { told, overrides };
}

describe('startLocalDownload', () => {
  it.each(['1.2.0', '2.0.3'] as const)(
    'says no encryption by a parameter in %s',
    async (version) => {
      const world = await PluginWorld.running(version);
      world.device.script(() => answers(200, 'end'));
      await world.settle(world.module.startLocalDownload('cam', { ...FILE, offCrypto: true }, {}));
      expect(world.device.requests[0]!.query).toMatchObject({ _crypto: 'off', file_name: 'a.mp4' });
    },
  );

  it('says no encryption by the option from 2.0.4 on, also where it stands in the parameters', async () => {
    const startLocalDownload = jest.fn(() => new Promise(() => undefined));
    const world = await PluginWorld.running('2.0.4', { startLocalDownload });
    const options = { urlParams: `_crypto=off&${FILE.urlParams}` };
    void world.module.startLocalDownload('cam', options, {});
    await world.pass(10);
    expect(startLocalDownload).toHaveBeenCalledWith(
      'cam',
      { ...FILE, offCrypto: true },
      expect.anything(),
    );
  });

  it('fails after 30 s without a byte', async () => {
    const { overrides } = silentDownload();
    const world = await PluginWorld.running('4.6.9', overrides);
    const { log, callbacks } = downloadLog();
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    await expect(world.settle(done)).rejects.toMatchObject({
      errcode: -2701,
      reason: 'connection-lost',
      retryable: true,
    });
    expect(log).toEqual(['error -2701', 'complete']);
    expect(overrides.stopLocalDownload).toHaveBeenCalledTimes(1);
  });

  it('waits with its success for what the app still stores', async () => {
    const world = await PluginWorld.running('4.6.9');
    world.device.script(() => answers(200, 'end', Uint8Array.of(1), Uint8Array.of(2)));
    let store: () => void = () => undefined;
    const { log, callbacks } = downloadLog({
      onChunkReceived: () => new Promise<void>((resolve) => (store = resolve)),
    });
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    const chunksStored: (() => void)[] = [];
    for (let i = 0; i < 30; i++) {
      await world.pass(10);
      if (!chunksStored.includes(store)) chunksStored.push(store);
    }
    expect(log).toEqual(['headers 200']);
    for (const stored of chunksStored) stored();
    await expect(world.settle(done)).resolves.toBe(0);
    expect(log).toEqual(['headers 200', 'success 200', 'complete']);
  });

  it('fails when a chunk cannot be stored', async () => {
    const world = await PluginWorld.running('4.6.9');
    world.device.script(() => answers(200, 'hold', Uint8Array.of(1)));
    const { log, callbacks } = downloadLog({
      onChunkReceived: () => Promise.reject(new Error('disk full')),
    });
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    await expect(world.settle(done)).rejects.toMatchObject({
      errcode: -2701,
      message: expect.stringContaining('disk full') as string,
    });
    expect(log).toEqual(['headers 200', 'error -2701', 'complete']);
    expect(world.calls).toContain('stopLocalDownload cam');
  });

  it('that is stopped before its service stands asks the plugin for nothing', async () => {
    const { overrides } = silentDownload();
    const world = new PluginWorld('4.6.9', {}, overrides);
    await world.init();
    const started = world.start();
    const { log, callbacks } = downloadLog();
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    world.module.stopLocalDownload('cam');
    await world.settle(started);
    await expect(done).rejects.toMatchObject({ errcode: -2701, reason: 'cancelled' });
    expect(log).toEqual(['complete']);
    expect(overrides.stopLocalDownload).not.toHaveBeenCalled();
  });

  it('fails when the device drops out', async () => {
    const world = await PluginWorld.running('3.1.10');
    world.device.script(() => answers(200, 'hold', Uint8Array.of(1)));
    const { log, callbacks } = downloadLog();
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    await world.pass(200);
    world.fake.drop('cam');
    await expect(world.settle(done)).rejects.toMatchObject({ errcode: -2701 });
    expect(log).toEqual(['headers 200', 'chunk 1', 'error -2701', 'complete']);
  });

  it.each([
    [200, 'success 200', 0],
    [404, 'failure 404', -2701],
    [undefined, 'error -2701', -2701],
  ] as const)(
    'makes the outcome of a bare onComplete from the head: %s',
    async (status, line, code) => {
      const { told, overrides } = silentDownload();
      const world = await PluginWorld.running('4.6.9', overrides);
      const { log, callbacks } = downloadLog({ onHeadersReceived: () => undefined });
      const done = world.module.startLocalDownload('cam', FILE, callbacks);
      await world.pass(10);
      if (status !== undefined) told.callbacks['onHeadersReceived']!({ status, headers: {} });
      told.callbacks['onComplete']!();
      const end: unknown = await world.settle(done).catch((error: { code: number }) => error.code);
      expect(end).toBe(code);
      expect(log).toEqual([line, 'complete']);
      told.callbacks['onChunkReceived']!(new ArrayBuffer(1));
      expect(log).toHaveLength(2);
    },
  );

  it('that the plugin refuses tells nothing but its rejection', async () => {
    const world = await PluginWorld.running('4.6.9');
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    world.fake.calls.answerNext('startLocalDownload', () => Promise.reject({ errcode: -2403 }));
    const { log, callbacks } = downloadLog();
    const done = world.module.startLocalDownload('cam', FILE, callbacks);
    await expect(world.settle(done)).rejects.toMatchObject({ errcode: -2403 });
    expect(log).toEqual([]);
    await expect(
      world.settle(world.module.startLocalDownload('cam', FILE, {})),
    ).rejects.toMatchObject({ errcode: -2701 });
  });
});
