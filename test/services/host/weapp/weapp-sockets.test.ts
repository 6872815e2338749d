import type { IpFamily, SocketAddress } from '../../../../services/host';
import { createWeappHost } from '../../../../services/host/weapp';
import type { WeappApi } from '../../../../services/host/weapp';
import { FakeWx } from './fake-wx';
import type { FakeUdpSocket } from './fake-wx';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('openWebSocket of the weapp host', () => {
  const open = async (fake: FakeWx, wx: WeappApi = fake.wx) => {
    const events = { onOpen: jest.fn(), onMessage: jest.fn(), onClose: jest.fn() };
    const { openWebSocket } = await createWeappHost(wx);
    const link = openWebSocket!('wss://relay.example/relay', events);
    return { events, link, task: fake.tasks[0]! };
  };
  const opened = async (fake: FakeWx) => {
    const parts = await open(fake);
    parts.task.events.emit('open', { header: {} });
    return parts;
  };

  it('carries binary messages both ways', async () => {
    const fake = new FakeWx();
    const { events, link, task } = await open(fake);
    expect(fake.connects[0]).toMatchObject({
      url: 'wss://relay.example/relay',
      tcpNoDelay: true,
      timeout: 10_000,
    });
    link.send(Uint8Array.of(0));
    task.events.emit('open');
    task.events.emit('open');
    link.send(Uint8Array.of(1, 2, 3).subarray(1));
    task.events.emit('message', { data: 'text is ignored' });
    task.events.emit('message', { data: Uint8Array.of(4).buffer });
    expect(events.onOpen).toHaveBeenCalledTimes(1);
    expect(task.sent).toEqual([Uint8Array.of(2, 3)]);
    expect(events.onMessage.mock.calls).toEqual([[Uint8Array.of(4)]]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([
    [{ code: 1006, reason: '' }, 'closed with code 1006'],
    [{ code: 1000, reason: 'interrupted' }, 'closed with 1000 interrupted'],
  ])('tells of the other side’s close %j', async (result, reason) => {
    const { events, link, task } = await opened(new FakeWx());
    task.events.emit('close', result);
    task.events.emit('error', { errMsg: 'late' });
    task.events.emit('message', { data: new ArrayBuffer(1) });
    link.send(Uint8Array.of(1));
    expect(events.onClose.mock.calls).toEqual([[reason]]);
    expect([events.onMessage.mock.calls, task.sent, link.bufferedBytes()]).toEqual([[], [], 0]);
  });

  it('tells of an error, and closes what is left of the socket', async () => {
    const { events, task } = await opened(new FakeWx());
    task.closeThrows = true;
    task.events.emit('error', { errMsg: 'timed out' });
    expect(events.onClose.mock.calls).toEqual([['timed out']]);
    expect(task.closes).toHaveLength(1);
  });

  it('is silent about a close of its own', async () => {
    const { events, link, task } = await opened(new FakeWx());
    link.close();
    link.close();
    task.events.emit('close', { code: 1000, reason: 'normal closure' });
    expect(events.onClose).not.toHaveBeenCalled();
    expect(task.closes).toMatchObject([{ code: 1000 }]);
  });

  it('closes again a socket that opened in spite of its close', async () => {
    const { events, link, task } = await open(new FakeWx());
    link.close();
    task.events.emit('open');
    expect(events.onOpen).not.toHaveBeenCalled();
    expect(task.closes).toHaveLength(2);
  });

  it('takes a failed send for the end of the socket', async () => {
    for (const answers of ['fail', 'throw'] as const) {
      const { events, link, task } = await opened(new FakeWx());
      task.answers = answers;
      link.send(Uint8Array.of(1));
      expect(events.onClose).not.toHaveBeenCalled();
      await settle();
      expect(events.onClose).toHaveBeenCalledTimes(1);
    }
  });

  it('counts what the host has not taken yet, once it has shown that it tells', async () => {
    const { link, task } = await opened(new FakeWx());
    task.answers = 'never';
    link.send(new Uint8Array(100));
    expect(link.bufferedBytes()).toBe(0);
    task.pending.shift()!.success!();
    link.send(new Uint8Array(30));
    link.send(new Uint8Array(40));
    expect(link.bufferedBytes()).toBe(70);
    task.pending.shift()!.success!();
    expect(link.bufferedBytes()).toBe(40);
  });

  it('gives up on a socket that does not open', async () => {
    const { events } = await open(new FakeWx());
    jest.advanceTimersByTime(10_000);
    expect(events.onClose.mock.calls).toEqual([['no answer in time']]);
  });

  it.each([
    ['refuses', { fail: true }, 'url not in domain list'],
    ['gives no task', { none: true }, 'connectSocket gave no SocketTask'],
    ['throws', { throws: true }, 'invalid url'],
  ])('reports, after it has returned, a host that %s', async (_, how, reason) => {
    const fake = new FakeWx();
    const { connectSocket } = fake.api;
    const connect = (option: Record<string, unknown>) => {
      if ('throws' in how) throw new Error('invalid url');
      if ('none' in how) return undefined as never;
      (option.fail as (cause: unknown) => void)({ errMsg: 'url not in domain list' });
      return connectSocket(option);
    };
    fake.api.connectSocket = connect;
    const { openWebSocket } = await createWeappHost(fake.wx);
    const onClose = jest.fn();
    openWebSocket!('x', { onOpen: jest.fn(), onMessage: jest.fn(), onClose });
    expect(onClose).not.toHaveBeenCalled();
    await settle();
    expect(onClose.mock.calls).toEqual([[reason]]);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('openUdpSocket of the weapp host', () => {
  const open = async (family: IpFamily, prepare?: (socket: FakeUdpSocket) => void) => {
    const fake = new FakeWx();
    if (prepare) fake.prepareUdp = prepare;
    const events = {
      onBound: jest.fn(),
      onMessage: jest.fn<void, [Uint8Array, SocketAddress]>(),
      onError: jest.fn(),
    };
    const { openUdpSocket } = await createWeappHost(fake.wx);
    const socket = openUdpSocket!(family, events);
    expect([events.onBound.mock.calls, events.onError.mock.calls]).toEqual([[], []]);
    return { events, socket, native: fake.udpSockets[0]! };
  };
  const bound = async (family: IpFamily = 'ipv4') => {
    const parts = await open(family);
    await settle();
    expect(parts.events.onBound).toHaveBeenCalledTimes(1);
    return parts;
  };
  const to = { address: '192.0.2.1', port: 3478 };

  it.each([
    ['ipv4', 'udp4'],
    ['ipv6', 'udp6'],
  ] as const)('binds an %s socket', async (family, type) => {
    const { socket, native } = await bound(family);
    expect([socket.family, socket.localPort, native.type]).toEqual([family, 40_000, type]);
  });

  it('sends whole buffers only', async () => {
    const { socket, native } = await bound();
    socket.send(Uint8Array.of(1, 2, 3).subarray(1), to);
    socket.send(Uint8Array.of(1), { address: '192.0.2.1', port: 0 });
    expect(native.sent).toEqual([{ ...to, message: Uint8Array.of(2, 3) }]);
    native.sendThrows = true;
    socket.send(Uint8Array.of(1), to);
  });

  it('passes datagrams on, with their source in canonical form', async () => {
    const { events, native } = await bound('ipv6');
    const message = Uint8Array.of(9).buffer;
    const from = (address: string, port: number) =>
      native.events.emit('message', { message, remoteInfo: { address, port } });
    from('2001:DB8:0:0::1', 5);
    from('not an address', 5);
    from('2001:db8::1', 0);
    native.events.emit('message', {
      message: 'text',
      remoteInfo: { address: '2001:db8::1', port: 5 },
    });
    expect(events.onMessage.mock.calls).toEqual([
      [Uint8Array.of(9), { address: '2001:db8::1', port: 5 }],
    ]);
  });

  it.each([
    'sendto failed: ENETUNREACH (Network is unreachable)',
    'errCode:-2 errno 101',
    'sendto failed: EHOSTUNREACH',
    'errno: 65',
    'send fail: address is invalid',
  ])('takes "%s" for a loss', async (errMsg) => {
    const { events, native } = await bound();
    native.events.emit('error', { errMsg });
    expect([events.onError.mock.calls, native.closes]).toEqual([[], 0]);
  });

  it.each([
    'Software caused connection abort',
    'errNum 53',
    'errno:103',
    'errCode: -2, errno = 9',
    'sendto failed: EBADF (Bad file descriptor)',
    'Socket is closed',
  ])('takes "%s" for the end', async (errMsg) => {
    const { events, native, socket } = await bound();
    native.events.emit('error', { errMsg });
    native.events.emit('error', { errMsg });
    socket.send(Uint8Array.of(1), to);
    expect([events.onError.mock.calls, native.closes, native.sent]).toEqual([[[errMsg]], 1, []]);
  });

  it('tells when the system closes the socket, and not when it does itself', async () => {
    const far = await bound();
    far.native.events.emit('close', {});
    expect(far.events.onError.mock.calls).toEqual([['closed by the system']]);
    const own = await bound();
    own.socket.close();
    own.socket.close();
    own.native.events.emit('close', {});
    expect([own.events.onError.mock.calls, own.native.closes]).toEqual([[], 1]);
  });

  it('is silent when it is closed before it was bound', async () => {
    const fake = new FakeWx();
    const { openUdpSocket } = await createWeappHost(fake.wx);
    const events = { onBound: jest.fn(), onMessage: jest.fn(), onError: jest.fn() };
    const socket = openUdpSocket!('ipv4', events);
    socket.send(Uint8Array.of(1), to);
    socket.close();
    await settle();
    expect(fake.udpSockets[0]!.sent).toEqual([]);
    expect([events.onBound.mock.calls, events.onError.mock.calls]).toEqual([[], []]);
  });

  it.each([
    ['cannot bind', (s: FakeUdpSocket) => (s.bindAnswer = -1), 'bind answered -1'],
    [
      'throws',
      (s: FakeUdpSocket) =>
        (s.bind = () => {
          throw new Error('denied');
        }),
      'denied',
    ],
    [
      'is too old for IPv6',
      (s: FakeUdpSocket) => delete s.setTTL,
      'IPv6 needs base library 2.18.0',
    ],
  ])('reports a host that %s, and closes the socket', async (_, prepare, reason) => {
    const { events, native } = await open('ipv6', (socket) => void prepare(socket));
    await settle();
    expect([events.onError.mock.calls, events.onBound.mock.calls]).toEqual([[[reason]], []]);
    expect(native.closes).toBe(1);
  });

  it('reports a host that makes no socket', async () => {
    const fake = new FakeWx();
    fake.api.createUDPSocket = () => {
      throw new Error('too many sockets');
    };
    const { openUdpSocket } = await createWeappHost(fake.wx);
    const onError = jest.fn();
    const socket = openUdpSocket!('ipv4', { onBound: jest.fn(), onMessage: jest.fn(), onError });
    await settle();
    socket.close();
    expect(onError.mock.calls).toEqual([['too many sockets']]);
  });
});
