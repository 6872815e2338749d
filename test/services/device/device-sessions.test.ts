import { DeviceSessions } from '../../../services/device';
import type { DeviceLeaseEvents, DeviceStreamEvents } from '../../../services/device';
import { IotError } from '../../../services/errors';
import { FakeP2PModule, iotError, pathInfo } from '../../standins/fake-p2p-module';

const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };
const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const PARAMS = 'action=live&channel=0&quality=high';

const setUp = () => {
  const module = new FakeP2PModule();
  return { module, sessions: new DeviceSessions({ module, appParams }) };
};

const leaseEvents = () =>
  ({ onPath: jest.fn(), onDisconnect: jest.fn() }) satisfies DeviceLeaseEvents;

const streamEvents = () =>
  ({
    onRequest: jest.fn(),
    onParsed: jest.fn(),
    onData: jest.fn(),
    onEnd: jest.fn(),
    onFail: jest.fn(),
  }) satisfies DeviceStreamEvents;

describe('DeviceSessions', () => {
  it('initialises the module once', async () => {
    const { module, sessions } = setUp();
    await Promise.all([sessions.init(), sessions.init()]);
    await sessions.init();
    expect(module.calls).toEqual(['init']);
  });

  it('initialises again after a failure', async () => {
    const { module, sessions } = setUp();
    module.initResult = () => Promise.reject(iotError('internal'));
    await expect(sessions.init()).rejects.toMatchObject({ reason: 'internal' });
    module.initResult = () => Promise.resolve(0);
    await sessions.init();
    expect(module.calls).toEqual(['init', 'init']);
  });

  it('takes a module that the app has initialised itself', async () => {
    const { module, sessions } = setUp();
    const error = { code: -2003, phase: 'init', message: '', retryable: false } as const;
    module.initResult = () =>
      Promise.reject(new IotError({ ...error, reason: 'already-initialised' }));
    await expect(sessions.init()).resolves.toBeUndefined();
  });

  it('connects a camera once for all who watch it, and closes with the last', async () => {
    const { module, sessions } = setUp();
    const [first, second] = [leaseEvents(), leaseEvents()];
    const a = sessions.acquire(device, first);
    const b = sessions.acquire(device, second);
    const connected = a.connect(PARAMS);
    module.path('door', pathInfo('up'));
    module.service('door').resolve();
    await connected;
    await b.connect(PARAMS);
    expect(first.onPath).toHaveBeenCalledTimes(1);
    expect(second.onPath).toHaveBeenCalledWith(pathInfo('up'));
    a.release();
    a.release();
    expect(module.calls).toEqual(['startP2PService door']);
    b.release();
    expect(module.calls).toEqual(['startP2PService door', 'stopP2PService door']);
  });

  it('refuses the same camera with other details', () => {
    const { sessions } = setUp();
    sessions.acquire(device, leaseEvents());
    expect(() =>
      sessions.acquire({ ...device, xp2pInfo: 'XP2Pother%2.4.0' }, leaseEvents()),
    ).toThrow(expect.objectContaining({ reason: 'service-exists', retryable: true }));
  });

  it('translates the seed’s messages of a stream', async () => {
    const { module, sessions } = setUp();
    const lease = sessions.acquire(device, leaseEvents());
    void lease.connect(PARAMS);
    const events = streamEvents();
    await lease.startStream(PARAMS, events);
    module.notify('door', 'request');
    module.notify('door', 'parsed', { status: 200, headers: {} });
    module.data('door', 7);
    module.notify('door', 'eof');
    const broken = streamEvents();
    await lease.startStream(PARAMS, broken);
    module.notify('door', 'fail', { status: 200, type: 'reset' });
    expect(events.onFail).not.toHaveBeenCalled();
    expect(events.onRequest).toHaveBeenCalled();
    expect(events.onParsed).toHaveBeenCalledWith(200, {});
    expect(events.onData.mock.calls[0][0].byteLength).toBe(7);
    expect(events.onEnd).toHaveBeenCalled();
    expect(broken.onFail.mock.calls[0][0]).toMatchObject({
      reason: 'connection-lost',
      retryable: true,
    });
  });

  it('is silent about a stream after its stop', async () => {
    const { module, sessions } = setUp();
    const lease = sessions.acquire(device, leaseEvents());
    void lease.connect(PARAMS);
    const events = streamEvents();
    await lease.startStream(PARAMS, events);
    const { dataCallback } = module.service('door').stream!;
    lease.stopStream();
    dataCallback(new ArrayBuffer(3));
    expect(events.onData).not.toHaveBeenCalled();
    expect(events.onFail).not.toHaveBeenCalled();
  });

  it('tells every holder of the end of the connection, and connects anew', async () => {
    const { module, sessions } = setUp();
    const [first, second] = [leaseEvents(), leaseEvents()];
    const a = sessions.acquire(device, first);
    const b = sessions.acquire(device, second);
    void a.connect(PARAMS);
    const old = module.service('door');
    old.resolve();
    await b.connect(PARAMS);
    const error = iotError('connection-lost');
    module.disconnect('door', error);
    expect(first.onDisconnect).toHaveBeenCalledWith(error);
    expect(second.onDisconnect).toHaveBeenCalledWith(error);
    void a.connect(PARAMS);
    expect(module.calls).toEqual([
      'startP2PService door',
      'stopP2PService door',
      'startP2PService door',
    ]);
    old.callbacks.msgCallback('notify', 'disconnect', undefined);
    expect(first.onDisconnect).toHaveBeenCalledTimes(1);
  });

  it('frees the id after a failed start', async () => {
    const { module, sessions } = setUp();
    const lease = sessions.acquire(device, leaseEvents());
    const connecting = lease.connect(PARAMS);
    module.service('door').reject(iotError('peer-offline'));
    await expect(connecting).rejects.toMatchObject({ reason: 'peer-offline' });
    void lease.connect(PARAMS);
    expect(module.calls.slice(1)).toEqual(['stopP2PService door', 'startP2PService door']);
  });

  it('lets a start that fails under a stream’s request be tried again', async () => {
    const { module, sessions } = setUp();
    const lease = sessions.acquire(device, leaseEvents());
    void lease.connect(PARAMS).catch(() => undefined);
    module.startStreamResult = () => Promise.reject(iotError('service-missing', false));
    await expect(lease.startStream(PARAMS, streamEvents())).rejects.toMatchObject({
      reason: 'service-missing',
      retryable: true,
    });
  });

  it('closes all connections and the module on dispose', async () => {
    const { module, sessions } = setUp();
    await sessions.init();
    const lease = sessions.acquire(device, leaseEvents());
    void lease.connect(PARAMS);
    sessions.dispose();
    lease.release();
    sessions.dispose();
    expect(module.calls).toEqual([
      'init',
      'startP2PService door',
      'stopP2PService door',
      'destroy',
    ]);
    await sessions.init();
    expect(module.calls).toContain('init');
  });
});
