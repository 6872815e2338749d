import type { ResponseWriter } from '../../../../services/p2p/http';
import type { XP2PLocalDownloadCallbacks } from '../../../../services/p2p/module';
import { ModuleWorld, turn } from './module-world';

const PARAMS = { urlParams: 'channel=0&file_name=a.mp4' };

async function asked(callbacks: XP2PLocalDownloadCallbacks) {
  const world = await ModuleWorld.running();
  let response!: ResponseWriter;
  world.answer = (writer) => {
    response = writer;
  };
  const done = world.module.startLocalDownload('cam', PARAMS, callbacks);
  world.clock.advance(100);
  return { world, done, response };
}

describe('startLocalDownload', () => {
  it.each(['channel=0&file_name=', 'channel=0&file_name=a&offset=-1', 'file_name=a&offset=x'])(
    'refuses %s',
    async (urlParams) => {
      const { module } = await ModuleWorld.running();
      await expect(module.startLocalDownload('cam', { urlParams }, {})).rejects.toMatchObject({
        errcode: -2000,
        field: 'options.urlParams',
      });
    },
  );

  it('holds the device back while the app stores what came', async () => {
    const total = 4 * 1024 * 1024;
    const waiting: (() => void)[] = [];
    let received = 0;
    const { world, done, response } = await asked({
      onChunkReceived: (chunk) => {
        received += chunk.byteLength;
        return new Promise((resolve) => waiting.push(resolve));
      },
    });
    let written = 0;
    const send = () => {
      while (written < total && response.write(new Uint8Array(64 * 1024))) written += 64 * 1024;
      if (written < total) written += 64 * 1024;
      else response.end();
    };
    response.onDrain = send;
    send();
    world.clock.advance(30_000);
    // The stream's window, and what came before it was held.
    const held = received;
    expect(held).toBeLessThan(3 * 1024 * 1024);
    world.clock.advance(20_000);
    expect(received).toBe(held);
    for (let i = 0; i < 100 && received < total; i++) {
      for (const resolve of waiting.splice(0)) resolve();
      await turn();
      world.clock.advance(1000);
    }
    const settled = world.settle(done);
    for (const resolve of waiting.splice(0)) resolve();
    await expect(settled).resolves.toBe(0);
    expect(received).toBe(total);
  });

  it('ends with error when a chunk cannot be stored', async () => {
    const lines: string[] = [];
    const { world, done, response } = await asked({
      onChunkReceived: () => Promise.reject(new Error('disk full')),
      onSuccess: () => void lines.push('success'),
      onError: ({ errmsg }) => void lines.push(errmsg),
    });
    response.write(Uint8Array.of(1));
    await expect(world.settle(done)).rejects.toMatchObject({ errcode: -2701 });
    expect(lines).toEqual(['a chunk could not be stored: Error: disk full']);
  });

  it('ends with error after 30 s of silence', async () => {
    const { world, done, response } = await asked({});
    response.write(Uint8Array.of(1));
    world.clock.advance(29_000);
    response.write(Uint8Array.of(1));
    const startMs = world.clock.nowMs();
    await expect(world.settle(done)).rejects.toMatchObject({
      errcode: -2701,
      message: 'nothing arrived for 30 s',
    });
    expect(world.clock.nowMs() - startMs).toBeGreaterThan(29_000);
  });

  it('says whether a refusal may pass', async () => {
    for (const [status, retryable] of [
      [404, false],
      [503, true],
    ] as const) {
      const { world, done, response } = await asked({});
      response.writeHead(status);
      response.end();
      await expect(world.settle(done)).rejects.toMatchObject({ status, retryable });
    }
  });

  it('ends with the service', async () => {
    const lines: string[] = [];
    const { world, done } = await asked({
      onError: () => void lines.push('error'),
      onComplete: () => void lines.push('complete'),
    });
    world.module.stopP2PService('cam');
    await expect(done).rejects.toMatchObject({ errcode: -2701, reason: 'cancelled' });
    expect(lines).toEqual(['complete']);
  });
});
