import { IotError, XP2PErrorCode } from '../../../../services/errors';
import type { Host, NetworkEvent } from '../../../../services/host';
import { BaseLibrary, createWeappHost, requireBaseLibrary } from '../../../../services/host/weapp';
import { FakeWx } from './fake-wx';

/** Lets promises go on; Jest's fake timers leave them alone. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

describe('createWeappHost', () => {
  let fake: FakeWx;

  beforeEach(() => {
    jest.useFakeTimers();
    fake = new FakeWx();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const failure = async (host: Promise<Host>): Promise<IotError> => {
    const caught = host.then(
      () => null,
      (error: unknown) => error,
    );
    await settle();
    jest.advanceTimersByTime(5_000);
    const error = await caught;
    expect(error).toBeInstanceOf(IotError);
    return error as IotError;
  };

  it('offers what the base library has', async () => {
    expect(Object.keys(await createWeappHost(fake.wx)).sort()).toEqual([
      'clock',
      'network',
      'openUdpSocket',
      'openWebSocket',
      'random',
      'storage',
    ]);
    const old = await createWeappHost(fake.without('connectSocket', 'createUDPSocket'));
    expect([old.openUdpSocket, old.openWebSocket]).toEqual([undefined, undefined]);
  });

  it('refuses a host without a secure random source', async () => {
    // What the engine may have of its own is tested with mini.
    const engine = jest.replaceProperty(globalThis, 'crypto', undefined as never);
    const error = await failure(createWeappHost(fake.without('getRandomValues')));
    engine.restore();
    expect(error).toMatchObject({
      errcode: XP2PErrorCode.HostUnsupported,
      reason: 'host-unsupported',
      retryable: false,
    });
    expect(error.message).toContain('wx.getRandomValues is missing');
  });

  it.each([
    ['2.19.2', '2.19.3'],
    ['2.9.3', '2.19.3'],
    ['1.99.9', '2.19.3'],
  ])('asks for an upgrade of base library %s', async (SDKVersion) => {
    const wx = { ...fake.wx, getAppBaseInfo: () => ({ SDKVersion }) };
    const error = await failure(createWeappHost(wx));
    expect(error).toMatchObject({ errcode: -2404, reason: 'host-outdated', retryable: false });
    expect(error.message).toContain(SDKVersion);
    expect(fake.randomCalls).toEqual([]);
  });

  it.each(['2.19.3', '2.20.0', '3', '10.0.0', 'dev', undefined])(
    'takes base library %s',
    async (SDKVersion) => {
      const wx = { ...fake.wx, getSystemInfoSync: () => ({ SDKVersion }) as never };
      expect((await createWeappHost(wx)).random.bytes(4)).toHaveLength(4);
      expect(() => requireBaseLibrary(wx, '1.0')).not.toThrow();
    },
  );

  it('keeps sharing between viewers for newer ones', () => {
    const at = (SDKVersion: string) => () =>
      requireBaseLibrary({ getAppBaseInfo: () => ({ SDKVersion }) }, BaseLibrary.OneToMany);
    expect(at('2.20.1')).toThrow('older than 2.20.2');
    expect(at('2.20.2')).not.toThrow();
  });

  it.each([
    ['fails', (o: { fail?: (r: unknown) => void }) => o.fail?.({ errMsg: 'denied' }), 'denied'],
    ['never answers', () => undefined, 'no answer'],
    [
      'answers with zeros',
      (o: { success?: (r: unknown) => void }) => o.success?.({ randomValues: new ArrayBuffer(64) }),
      'not random',
    ],
    [
      'answers with too little',
      (o: { success?: (r: unknown) => void }) =>
        o.success?.({ randomValues: Uint8Array.of(1, 2, 3).buffer }),
      'not random',
    ],
    [
      'throws',
      () => {
        throw new Error('no permission');
      },
      'no permission',
    ],
  ])('refuses a random source that %s', async (_, random, detail) => {
    fake.random = random;
    const error = await failure(createWeappHost(fake.wx));
    expect(error).toMatchObject({ errcode: XP2PErrorCode.HostUnsupported, retryable: true });
    expect(error.message).toContain(detail);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('random of the weapp host', () => {
  let fake: FakeWx;

  beforeEach(() => {
    jest.useFakeTimers();
    fake = new FakeWx();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives as many bytes as asked for, at once and different each time', async () => {
    const { random } = await createWeappHost(fake.wx);
    expect(random.bytes(0)).toHaveLength(0);
    expect(random.bytes(5_000)).toHaveLength(5_000);
    expect(random.bytes(32)).not.toEqual(random.bytes(32));
    expect(fake.randomCalls).toEqual([64]);
  });

  it('refreshes its seed after 64 KiB, and after ten minutes', async () => {
    const { random } = await createWeappHost(fake.wx);
    random.bytes(64 * 1024);
    expect(fake.randomCalls).toHaveLength(1);
    random.bytes(1);
    expect(fake.randomCalls).toHaveLength(2);
    await settle();
    jest.advanceTimersByTime(10 * 60_000);
    random.bytes(1);
    random.bytes(1);
    expect(fake.randomCalls).toHaveLength(3);
  });

  it('goes on with its seed when the source fails later, and asks again after a while', async () => {
    const { random } = await createWeappHost(fake.wx);
    fake.random = ({ fail }) => fail?.({ errMsg: 'busy' });
    random.bytes(70_000);
    await settle();
    expect(random.bytes(16)).not.toEqual(random.bytes(16));
    expect(fake.randomCalls).toHaveLength(2);
    jest.advanceTimersByTime(30_000);
    random.bytes(1);
    await settle();
    expect(fake.randomCalls).toHaveLength(3);
  });

  it('takes no part of Math.random', async () => {
    const spy = jest.spyOn(Math, 'random');
    (await createWeappHost(fake.wx)).random.bytes(100_000);
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
  });
});

describe('clock of the weapp host', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('never goes back, whatever the wall clock does', async () => {
    const { clock } = await createWeappHost(new FakeWx().wx);
    const start = clock.nowMs();
    jest.setSystemTime(Date.now() + 100);
    expect(clock.nowMs() - start).toBe(100);
    jest.setSystemTime(Date.now() - 3_600_000);
    expect(clock.nowMs() - start).toBe(100);
    jest.setSystemTime(Date.now() + 5);
    expect(clock.nowMs() - start).toBe(105);
    expect(clock.wallMs()).toBe(Date.now());
  });

  it('has timers that can be cancelled, however long', async () => {
    const { clock } = await createWeappHost(new FakeWx().wx);
    const fired = jest.fn();
    clock.setTimer(10, fired);
    const cancel = clock.setTimer(20, fired);
    clock.setTimer(2 ** 40, fired);
    cancel();
    cancel();
    jest.advanceTimersByTime(1_000);
    expect(fired).toHaveBeenCalledTimes(1);
  });
});

describe('storage of the weapp host', () => {
  it('keeps values, and says null for none', async () => {
    const fake = new FakeWx();
    const { storage } = await createWeappHost(fake.wx);
    expect(storage.get('a')).toBeNull();
    storage.set('a', '1');
    expect([storage.get('a'), fake.stored.get('a')]).toEqual(['1', '1']);
    fake.stored.set('b', { not: 'text' });
    expect(storage.get('b')).toBeNull();
  });

  it('keeps in memory what the host refuses', async () => {
    const fake = new FakeWx();
    fake.api.setStorageSync = () => {
      throw new Error('exceed limit');
    };
    fake.api.getStorageSync = () => {
      throw new Error('locked');
    };
    for (const wx of [fake.wx, fake.without('getStorageSync', 'setStorageSync')]) {
      const { storage } = await createWeappHost(wx);
      expect(storage.get('a')).toBeNull();
      storage.set('a', '1');
      expect(storage.get('a')).toBe('1');
    }
  });
});

describe('network of the weapp host', () => {
  let fake: FakeWx;

  beforeEach(() => {
    jest.useFakeTimers();
    fake = new FakeWx();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([
    [true, 'wifi', 'wifi'],
    [true, '2g', 'cellular'],
    [true, '5g', 'cellular'],
    [true, 'none', 'none'],
    [true, 'ethernet?', 'unknown'],
    [false, 'wifi', 'none'],
  ])('tells of a change (connected %s, %s)', async (isConnected, networkType, type) => {
    const { network } = await createWeappHost(fake.wx);
    const listener = jest.fn();
    network!.subscribe(listener);
    fake.events.emit('network', { isConnected, networkType });
    expect(listener.mock.calls).toEqual([[{ kind: 'changed', type }]]);
  });

  it('tells how long the app was in the background', async () => {
    const { network } = await createWeappHost(fake.wx);
    const events: NetworkEvent[] = [];
    network!.subscribe((event) => events.push(event));
    fake.events.emit('show', {});
    fake.events.emit('hide', {});
    fake.events.emit('hide', {});
    jest.setSystemTime(Date.now() + 42_000);
    fake.events.emit('show', {});
    expect(events).toEqual([{ kind: 'hidden' }, { kind: 'shown', hiddenMs: 42_000 }]);
  });

  it('takes its listeners away with the last of its own', async () => {
    const { network } = await createWeappHost(fake.wx);
    const listener = jest.fn();
    const stops = [network!.subscribe(listener), network!.subscribe(listener)];
    expect(fake.events.count()).toBe(3);
    fake.events.emit('hide');
    expect(listener).toHaveBeenCalledTimes(2);
    for (const stop of stops) stop();
    stops[0]!();
    expect(fake.events.count()).toBe(0);
  });

  it('falls silent where listeners cannot be taken away', async () => {
    const wx = fake.without('offAppHide', 'offAppShow', 'offNetworkStatusChange');
    const { network } = await createWeappHost(wx);
    const listener = jest.fn();
    network!.subscribe(listener)();
    fake.events.emit('hide');
    fake.events.emit('show');
    fake.events.emit('network', { isConnected: true, networkType: 'wifi' });
    expect(listener).not.toHaveBeenCalled();
  });

  it('does without any of it', async () => {
    const wx = fake.without('onAppHide', 'onAppShow', 'onNetworkStatusChange', 'getLocalIPAddress');
    const { network } = await createWeappHost(wx);
    network!.subscribe(jest.fn())();
    expect(await network!.localAddresses()).toEqual([]);
  });

  it.each([
    ['192.168.1.7', [{ family: 'ipv4', address: '192.168.1.7' }]],
    ['2001:DB8:0::1', [{ family: 'ipv6', address: '2001:db8::1' }]],
    ['127.0.0.1', []],
    ['0.0.0.0', []],
    ['::1', []],
    ['fe80::1', []],
    ['unknown', []],
    [undefined, []],
  ])('makes of the local address %s: %j', async (localip, expected) => {
    fake.localIp = ({ success }) => success?.({ localip });
    const { network } = await createWeappHost(fake.wx);
    expect(await network!.localAddresses()).toEqual(expected);
  });

  it('has no local address when the host fails or is silent', async () => {
    const { network } = await createWeappHost(fake.wx);
    fake.localIp = ({ fail }) => fail?.({});
    expect(await network!.localAddresses()).toEqual([]);
    fake.localIp = () => {
      throw new Error('denied');
    };
    expect(await network!.localAddresses()).toEqual([]);
    fake.localIp = () => undefined;
    const answer = network!.localAddresses();
    jest.advanceTimersByTime(2_000);
    expect(await answer).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
