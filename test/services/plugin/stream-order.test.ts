import fc from 'fast-check';
import { createPluginModule } from '../../../services/plugin';
import { VirtualClock } from '../../net/virtual-clock';
import { APP_PARAMS, STREAM_URL, XP2P_2_4 } from './plugin-world';

type Message = (event: string, subtype: string, detail?: unknown) => void;
interface StreamParams {
  readonly msgCallback: Message;
  readonly dataCallback: (data: unknown) => void;
}

/** A plugin that says whatever the test says. */
async function babblingPlugin(enums: object = {}) {
  let service: Message = () => undefined;
  const streams: StreamParams[] = [];
  const log: string[] = [];
  const plugin = {
    init: () => Promise.resolve(0),
    destroy: () => undefined,
    startP2PService: (_: string, __: unknown, callbacks: { readonly msgCallback: Message }) => {
      service = callbacks.msgCallback;
      return Promise.resolve(0);
    },
    stopP2PService: () => undefined,
    startStream: (_: string, params: StreamParams) => {
      streams.push(params);
      return Promise.resolve(0);
    },
    stopStream: () => undefined,
    ...enums,
  };
  const module = createPluginModule({ plugin, clock: new VirtualClock() });
  await module.init({ appParams: APP_PARAMS });
  const note = (name: string) => (event: string, subtype: string) =>
    log.push(`${name} ${event} ${subtype}`);
  await module.startP2PService(
    'cam',
    { url: STREAM_URL, xp2pInfo: XP2P_2_4 },
    { msgCallback: note('service') },
  );
  const start = () =>
    module.startStream('cam', {
      dataCallback: () => log.push('stream data'),
      msgCallback: note('stream'),
    });
  await start();
  return { module, log, start, service: () => service, streams };
}

const subtype = fc.constantFrom(
  'connected',
  'request',
  'parsed',
  'success',
  'eof',
  'fail',
  'close',
  'unheard-of',
);
const detail = fc.oneof(
  fc.record({ status: fc.constantFrom(200, '200', 404, undefined), headers: fc.anything() }),
  fc.anything(),
);
const step = fc.oneof(
  fc.record({ by: fc.constantFrom('service', 'stream'), subtype, detail }),
  fc.record({ by: fc.constant('data'), data: fc.oneof(fc.anything(), fc.uint8Array()) }),
);

describe('the messages of a stream', () => {
  it('come in the guide’s order, whatever the plugin says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = await babblingPlugin();
        for (const one of steps) {
          const stream = world.streams[0]!;
          if ('data' in one) stream.dataCallback(one.data);
          else if (one.by === 'service') world.service()('notify', one.subtype, one.detail);
          else stream.msgCallback('notify', one.subtype, one.detail);
        }
        const told = world.log.filter((line) => line.startsWith('stream'));
        const letters = told.map((line) => /(\w)\w*$/.exec(line)![1]!.replace('d', 'D')).join('');
        // request, then parsed, then Data, then one end: success, eof or fail.
        expect(letters).toMatch(/^r(p?D*|p?D*[sef])$/);
        expect(world.log.filter((line) => line.endsWith('connected'))).toHaveLength(1);
      }),
      { numRuns: 500 },
    );
  });

  it('begin with request, also where the answer is faster than the plugin’s promise', async () => {
    const world = await babblingPlugin();
    world.module.stopStream('cam');
    world.log.length = 0;
    const started = world.start();
    world.streams[1]!.msgCallback('notify', 'parsed', { status: '200', headers: {} });
    world.streams[1]!.msgCallback('notify', 'request');
    await started;
    expect(world.log).toEqual(['stream notify request', 'stream notify parsed']);
  });

  it('are known by the names of the plugin’s enums, not by their values', async () => {
    const world = await babblingPlugin({
      XP2PEventEnum: { Notify: 1, Log: 2 },
      XP2PServiceEventEnum: { ServiceNotify: 9 },
      XP2PNotify_SubType: { Parsed: 3, Eof: 4, Disconnect: 5 },
    });
    const say = world.streams[0]!.msgCallback as unknown as (...message: unknown[]) => void;
    const sayService = world.service() as unknown as typeof say;
    say(1, 3, { status: 200 });
    say(1, 4);
    sayService(2, 'warn', 'slow');
    sayService(9, 5, {});
    expect(world.log).toEqual([
      'service notify connected',
      'stream notify request',
      'stream notify parsed',
      'stream notify eof',
      'service log warn',
      'service notify disconnect',
    ]);
  });

  it('are over after a disconnect, which the service tells once', async () => {
    const world = await babblingPlugin();
    world.streams[0]!.msgCallback('notify', 'disconnect', { type: 'timeout' });
    world.service()('notify', 'disconnect', 'timeout');
    world.streams[0]!.dataCallback(new ArrayBuffer(1));
    expect(world.log).toEqual([
      'service notify connected',
      'stream notify request',
      'stream notify fail',
      'service notify disconnect',
    ]);
  });

  it('take bytes of another realm’s ArrayBuffer, and those of a view', async () => {
    const world = await babblingPlugin();
    const { runInNewContext } = await import('node:vm');
    world.streams[0]!.dataCallback(runInNewContext('new Uint8Array([1, 2]).buffer'));
    world.streams[0]!.dataCallback(Uint8Array.of(1, 2, 3).subarray(1));
    world.streams[0]!.dataCallback('text');
    expect(world.log.filter((line) => line === 'stream data')).toHaveLength(2);
  });
});

describe('what a device says by itself', () => {
  it.each([{ iv_private_cmd: 'call_answer' }, '{"iv_private_cmd":"call_answer"}\0'])(
    'is told as feedback, by whatever event the plugin passes it on: %p',
    async (detail) => {
      const { log, service, streams, module } = await babblingPlugin();
      module.watchFeedback('cam');
      log.length = 0;
      service()('somethingNew', 'private', detail);
      streams[0]!.msgCallback('notify', 'private', detail);
      expect(log).toEqual(['service feedback ', 'service feedback ']);
    },
  );

  it('is not confused with the rest', async () => {
    const { log, service } = await babblingPlugin();
    log.length = 0;
    service()('log', 'info', 'iv_private_cmd');
    service()('somethingNew', 'x', { other: 1 });
    service()('somethingNew', 'x', null);
    expect(log).toEqual(['service log info', 'service somethingNew x', 'service somethingNew x']);
  });
});
