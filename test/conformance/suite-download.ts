import { answers } from './guide-context';
import type { GuideContext, GuideWorld } from './guide-context';

const PARAMS = 'channel=0&file_name=p2p_demo_file.mp4&offset=0';

export function describeDownload(context: GuideContext): void {
  const withDownload = context.itWith('download');
  const withDevice = context.itWith('download', 'device');

  const start = (world: GuideWorld, options: object = { urlParams: PARAMS }, id = 'cam') =>
    world.module.startLocalDownload(
      id,
      options as { urlParams: string },
      world.downloadCallbacks(),
    );

  describe('startLocalDownload', () => {
    withDevice('resolves with 0 after the headers, the chunks, success and complete', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'end', Uint8Array.of(1, 2), Uint8Array.of(3)));
      await expect(world.subject.settle(start(world))).resolves.toBe(0);
      expect(world.lines).toEqual(['headers 200', 'data', 'success 200', 'complete']);
      expect(world.details.at(-1)).toMatchObject({ status: 200, errcode: 0, errmsg: '' });
      const chunks = world.details.slice(0, -1) as ArrayBuffer[];
      expect(chunks.flatMap((chunk) => [...new Uint8Array(chunk)])).toEqual([1, 2, 3]);
    });

    withDevice('asks for the file of its urlParams', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'end'));
      await world.subject.settle(start(world, { urlParams: PARAMS, offCrypto: true }));
      expect(world.device.requests[0]).toMatchObject({
        method: 'GET',
        path: '/file',
        query: { channel: '0', file_name: 'p2p_demo_file.mp4', offset: '0', _crypto: 'off' },
      });
    });

    withDevice('takes _crypto=off in its urlParams', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'end'));
      await world.subject.settle(start(world, { urlParams: `_crypto=off&${PARAMS}` }));
      expect(world.device.requests[0]!.query).toMatchObject({ _crypto: 'off' });
    });

    withDevice('rejects with -2701 after failure and complete when it is refused', async () => {
      const world = await context.running();
      world.device.script(() => answers(404, 'end', Uint8Array.of(110, 111)));
      await expect(world.subject.settle(start(world))).rejects.toMatchObject({
        errcode: -2701,
        status: 404,
      });
      expect(world.lines).toEqual(['headers 404', 'failure 404', 'complete']);
      const result = world.details[0] as { data: ArrayBuffer };
      expect(result).toMatchObject({ status: 404, errcode: -2701 });
      expect([...new Uint8Array(result.data)]).toEqual([110, 111]);
    });

    withDevice('rejects with -2701 after error and complete when it breaks off', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'abort'));
      await expect(world.subject.settle(start(world))).rejects.toMatchObject({ errcode: -2701 });
      expect(world.lines.slice(-2)).toEqual([expect.stringMatching(/^error/), 'complete']);
    });

    withDownload.each<[string, unknown, unknown]>([
      ['id', { urlParams: PARAMS }, {}],
      ['options', undefined, {}],
      ['options.urlParams', { urlParams: 'channel=0' }, {}],
      ['callbacks', { urlParams: PARAMS }, undefined],
      ['callbacks.onHeadersReceived', { urlParams: PARAMS }, { onHeadersReceived: 1 }],
      ['callbacks.onChunkReceived', { urlParams: PARAMS }, { onChunkReceived: 1 }],
      ['callbacks.onSuccess', { urlParams: PARAMS }, { onSuccess: 1 }],
      ['callbacks.onFailure', { urlParams: PARAMS }, { onFailure: 1 }],
      ['callbacks.onError', { urlParams: PARAMS }, { onError: 1 }],
      ['callbacks.onComplete', { urlParams: PARAMS }, { onComplete: 1 }],
    ])('rejects with -2000 for a bad %s', async (name, options, callbacks) => {
      const { subject, module } = await context.running();
      const started = module.startLocalDownload(
        name === 'id' ? '' : 'cam',
        options as { urlParams: string },
        callbacks as object,
      );
      await expect(subject.settle(started)).rejects.toMatchObject({ errcode: -2000 });
    });

    withDownload('rejects with -2002 before init, and with -2403 without a service', async () => {
      const fresh = await context.fresh();
      await expect(fresh.subject.settle(start(fresh))).rejects.toMatchObject({ errcode: -2002 });
      const world = await context.initialised();
      await expect(world.subject.settle(start(world))).rejects.toMatchObject({ errcode: -2403 });
    });

    withDevice('rejects with -2401 while a download runs', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'hold', Uint8Array.of(1)));
      void start(world);
      await expect(world.subject.settle(start(world))).rejects.toMatchObject({ errcode: -2401 });
    });
  });

  describe('stopLocalDownload', () => {
    withDevice('ends the download: complete is told, and nothing any more', async () => {
      const world = await context.running();
      world.device.script(() => answers(200, 'hold', Uint8Array.of(1)));
      const done = start(world);
      await world.subject.until(() => world.lines.includes('data'));
      expect(world.module.stopLocalDownload('cam')).toBeUndefined();
      await expect(world.subject.settle(done)).rejects.toMatchObject({ errcode: -2701 });
      await world.subject.pause();
      expect(world.lines).toEqual(['headers 200', 'data', 'complete']);
      world.device.script(() => answers(200, 'end'));
      await expect(world.subject.settle(start(world))).resolves.toBe(0);
    });

    withDownload('does nothing where no download runs', async () => {
      const { module } = await context.running();
      expect(module.stopLocalDownload('cam')).toBeUndefined();
      expect(module.stopLocalDownload('other')).toBeUndefined();
    });
  });
}
