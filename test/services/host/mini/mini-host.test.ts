import { IotError } from '../../../../services/errors';
import type { NetworkEvent } from '../../../../services/host';
import { alipayApi, createMiniHost } from '../../../../services/host/mini';
import type { AlipayApi, MiniApi } from '../../../../services/host/mini';
import { FakeWx } from '../weapp/fake-wx';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};
const varied = (length = 64): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 5);

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

describe('chance in a mini-program', () => {
  const without = (): MiniApi => new FakeWx().without('getRandomValues');
  const noEngine = () => jest.replaceProperty(globalThis, 'crypto', undefined as never);

  it('comes from the host, then from the engine, then from the app', async () => {
    const asked: string[] = [];
    const entropy = async () => {
      asked.push('app');
      return varied();
    };
    const fake = new FakeWx();
    await createMiniHost(fake.wx, { name: 'tt', entropy });
    expect([fake.randomCalls.length, asked.length]).toEqual([1, 0]);

    const engine = jest.spyOn(globalThis.crypto, 'getRandomValues');
    await createMiniHost(without(), { name: 'tt', entropy });
    expect([engine.mock.calls.length, asked.length]).toEqual([1, 0]);

    noEngine();
    const host = await createMiniHost(without(), { name: 'tt', entropy });
    expect(asked).toEqual(['app']);
    expect(host.random.bytes(32)).not.toEqual(host.random.bytes(32));
  });

  it('is never made up', async () => {
    noEngine();
    const guess = jest.spyOn(Math, 'random');
    const error = await createMiniHost(without(), { name: 'my' }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(IotError);
    expect(error).toMatchObject({ errcode: -2404, reason: 'host-unsupported', retryable: false });
    expect((error as IotError).message).toContain('my.getRandomValues is missing');
    expect(guess).not.toHaveBeenCalled();
  });

  it.each([
    ['too short', async () => varied(47), 'not random'],
    ['all the same', async () => new Uint8Array(64), 'not random'],
    ['refused', () => Promise.reject(new Error('offline')), 'offline'],
    ['late', () => new Promise<never>(() => undefined), 'no answer'],
  ])('is refused when the app’s entropy is %s', async (_, entropy, detail) => {
    noEngine();
    const made = createMiniHost(without(), { name: 'my', entropy }).catch((e: unknown) => e);
    await settle();
    jest.advanceTimersByTime(5_000);
    expect(await made).toMatchObject({ errcode: -2404, retryable: true });
    expect(((await made) as IotError).message).toContain(detail);
  });
});

/** `my`, with one socket of each kind in the test's hands. */
function fakeMy() {
  type Heard = Record<string, (argument: unknown) => void>;
  const listen = (heard: Heard, name: string) => (listener: (argument: unknown) => void) => {
    heard[name] = listener;
  };
  const web = { heard: {} as Heard, option: {} as Record<string, unknown>, sent: [] as unknown[] };
  const udp = { heard: {} as Heard, sent: [] as unknown[] };
  const stored = new Map<string, unknown>();
  const app: Heard = {};
  const my = {
    connectSocket: (option: Record<string, unknown>) => {
      web.option = option;
      return {
        send: (message: unknown) => void web.sent.push(message),
        close: () => undefined,
        onOpen: listen(web.heard, 'open'),
        onMessage: listen(web.heard, 'message'),
        onError: listen(web.heard, 'error'),
        onClose: listen(web.heard, 'close'),
      };
    },
    createUDPSocket: () => ({
      bind: () => ({ port: 40_001 }),
      send: (message: unknown) => void udp.sent.push(message),
      close: () => undefined,
      onMessage: listen(udp.heard, 'message'),
      onError: listen(udp.heard, 'error'),
      onClose: listen(udp.heard, 'close'),
    }),
    getStorageSync: ({ key }: { key: string }) => ({ data: stored.get(key) ?? null }),
    setStorageSync: ({ key, data }: { key: string; data: unknown }) =>
      key === 'full' ? { error: 3 } : void stored.set(key, data),
    onNetworkStatusChange: listen(app, 'network'),
    onAppHide: listen(app, 'hide'),
    onAppShow: listen(app, 'show'),
  };
  return { my: my as unknown as AlipayApi, web, udp, stored, app };
}

describe('Alipay', () => {
  const host = (my: AlipayApi) =>
    createMiniHost(alipayApi(my), { name: 'my', entropy: async () => varied() });

  it('has a WebSocket of its own for each connection, and takes every form of a message', async () => {
    const { my, web } = fakeMy();
    const got: Uint8Array[] = [];
    const closes: string[] = [];
    const link = (await host(my)).openWebSocket!('wss://relay.example', {
      onOpen: () => undefined,
      onMessage: (bytes) => void got.push(bytes),
      onClose: (reason) => void closes.push(reason),
    });
    expect(web.option).toMatchObject({ multiple: true, url: 'wss://relay.example' });
    web.heard['open']!({});
    link.send(Uint8Array.of(9));
    expect(web.sent).toHaveLength(1);
    for (const message of [
      { data: Uint8Array.of(1, 2).buffer },
      { data: 'AQI=', isBuffer: true },
      { data: { data: Uint8Array.of(1, 2).buffer, isBuffer: true } },
    ]) {
      web.heard['message']!(message);
    }
    for (const other of [{ data: 'text' }, { data: '*', isBuffer: true }, {}, null]) {
      web.heard['message']!(other);
    }
    expect(got).toEqual([Uint8Array.of(1, 2), Uint8Array.of(1, 2), Uint8Array.of(1, 2)]);
    web.heard['close']!(undefined);
    expect(closes).toHaveLength(1);
  });

  it('uses UDP over IPv4 where it is', async () => {
    const { my, udp } = fakeMy();
    const open = (await host(my)).openUdpSocket!;
    const heard: unknown[] = [];
    const events = {
      onBound: () => void heard.push('bound'),
      onMessage: (bytes: Uint8Array) => void heard.push([...bytes]),
      onError: (detail: string) => void heard.push(detail),
    };
    const socket = open('ipv4', events);
    await settle();
    expect([socket.localPort, heard]).toEqual([40_001, ['bound']]);
    socket.send(Uint8Array.of(7), { address: '192.0.2.1', port: 9 });
    expect(udp.sent).toMatchObject([{ address: '192.0.2.1', port: 9 }]);
    const remoteInfo = { address: '192.0.2.1', port: 9 };
    udp.heard['message']!({ message: [1, 2], remoteInfo });
    udp.heard['message']!({ message: Uint8Array.of(3).buffer, remoteInfo });
    expect(heard.slice(1)).toEqual([[1, 2], [3]]);
    open('ipv6', events);
    await settle();
    expect(heard[3]).toContain('no IPv6');
    expect((await host({ ...my, createUDPSocket: undefined })).openUdpSocket).toBeUndefined();
  });

  it('keeps values, in memory where its store is full', async () => {
    const { my, stored } = fakeMy();
    const { storage } = await host(my);
    expect(storage.get('a')).toBeNull();
    storage.set('a', '1');
    storage.set('full', '2');
    expect([storage.get('a'), storage.get('full'), stored.get('a')]).toEqual(['1', '2', '1']);
  });

  it('tells of another network and of the background', async () => {
    const { my, app } = fakeMy();
    const events: NetworkEvent[] = [];
    const stop = (await host(my)).network!.subscribe((event) => void events.push(event));
    app['network']!({ isConnected: true, networkType: 'WIFI' });
    app['network']!({ isConnected: true, networkType: '4G' });
    app['hide']!(undefined);
    app['show']!(undefined);
    stop();
    app['network']!({ isConnected: false, networkType: 'NOTREACHABLE' });
    expect(events).toMatchObject([
      { kind: 'changed', type: 'wifi' },
      { kind: 'changed', type: 'cellular' },
      { kind: 'hidden' },
      { kind: 'shown' },
    ]);
  });
});
