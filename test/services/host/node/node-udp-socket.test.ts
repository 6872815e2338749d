import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { networkInterfaces } from 'node:os';
import type { IpFamily, SocketAddress, UdpSocket } from '../../../../services/host';
import { createNodeHost, createOpenUdpSocket } from '../../../../services/host/node';

interface Message {
  readonly packet: Uint8Array;
  readonly from: SocketAddress;
}

const hasIpv6 = Object.values(networkInterfaces()).some((infos) =>
  infos?.some((info) => info.address === '::1'),
);

class Recorder {
  readonly messages: Message[] = [];
  readonly errors: string[] = [];
  bound = 0;
  private wake = (): void => undefined;

  onBound = (): void => {
    this.bound++;
    this.wake();
  };
  onMessage = (packet: Uint8Array, from: SocketAddress): void => {
    this.messages.push({ packet, from });
    this.wake();
  };
  onError = (detail: string): void => {
    this.errors.push(detail);
    this.wake();
  };

  async until(done: () => boolean): Promise<void> {
    while (!done()) await new Promise<void>((resolve) => (this.wake = resolve));
  }
}

describe('openUdpSocket of the Node host', () => {
  const open: UdpSocket[] = [];
  const openUdpSocket = createNodeHost().openUdpSocket;

  afterEach(() => {
    for (const socket of open.splice(0)) socket.close();
  });

  async function bind(family: IpFamily): Promise<{ socket: UdpSocket; events: Recorder }> {
    const events = new Recorder();
    const socket = openUdpSocket(family, events);
    open.push(socket);
    expect(socket.localPort).toBe(0);
    await events.until(() => events.bound > 0);
    return { socket, events };
  }

  const families: [IpFamily, string][] = [['ipv4', '127.0.0.1']];
  if (hasIpv6) families.push(['ipv6', '::1']);

  it.each(families)('carries datagrams over %s', async (family, address) => {
    const a = await bind(family);
    const b = await bind(family);
    expect([a.socket.family, a.socket.localPort > 0]).toEqual([family, true]);
    a.socket.send(Uint8Array.of(1, 2, 3), { address, port: b.socket.localPort });
    await b.events.until(() => b.events.messages.length > 0);
    expect(b.events.messages).toEqual([
      { packet: Uint8Array.of(1, 2, 3), from: { address, port: a.socket.localPort } },
    ]);
    expect(b.events.messages[0]!.packet.constructor).toBe(Uint8Array);
  });

  it('takes a send that cannot work for a loss', async () => {
    const { socket, events } = await bind('ipv4');
    const closedPort = await bind('ipv4');
    const { localPort } = closedPort.socket;
    closedPort.socket.close();
    for (const port of [localPort, 0, 65_536, 1.5]) {
      socket.send(Uint8Array.of(1), { address: '127.0.0.1', port });
    }
    socket.send(Uint8Array.of(1), { address: '2001:db8::1', port: 9 });
    socket.send(Uint8Array.of(1), { address: '255.255.255.255', port: 9 });
    socket.send(new Uint8Array(70_000), { address: '127.0.0.1', port: 9 });
    // A datagram to itself that comes through proves that the socket lived on.
    socket.send(Uint8Array.of(7), { address: '127.0.0.1', port: socket.localPort });
    await events.until(() => events.messages.length > 0);
    expect(events.messages[0]!.packet).toEqual(Uint8Array.of(7));
    expect(events.errors).toEqual([]);
  });

  it('can be closed at any time, and is silent then', async () => {
    const early = new Recorder();
    const socket = openUdpSocket('ipv4', early);
    socket.close();
    socket.close();
    const { socket: bound, events } = await bind('ipv4');
    bound.send(Uint8Array.of(1), { address: '127.0.0.1', port: bound.localPort });
    bound.close();
    bound.send(Uint8Array.of(1), { address: '127.0.0.1', port: bound.localPort });
    bound.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect([early.bound, early.errors, events.messages, events.errors]).toEqual([0, [], [], []]);
  });

  it('asks for a large receive buffer, and does with less', async () => {
    const events = new Recorder();
    let size = 0;
    const openSmall = createOpenUdpSocket({
      receiveBufferBytes: 100_000,
      createSocket: ((options: Parameters<typeof createSocket>[0]) => {
        const socket = createSocket(options as never);
        const original = socket.setRecvBufferSize.bind(socket);
        socket.setRecvBufferSize = (bytes) => {
          original(bytes);
          size = socket.getRecvBufferSize();
          throw new Error('ENOBUFS');
        };
        return socket;
      }) as typeof createSocket,
    });
    open.push(openSmall('ipv4', events));
    await events.until(() => events.bound > 0);
    expect(size).toBeGreaterThanOrEqual(100_000);
  });
});

describe('errors of a UDP socket', () => {
  class FakeSocket extends EventEmitter {
    closed = 0;
    sendError: Error | null = null;
    bind = (): void => undefined;
    close = (): void => void this.closed++;
    address = () => ({ port: 4000 });
    setRecvBufferSize = (): void => undefined;
    send = (...args: unknown[]): void =>
      (args.at(-1) as (error: Error | null) => void)(this.sendError);
  }

  const setUp = (): { fake: FakeSocket; events: Recorder; socket: UdpSocket } => {
    const fake = new FakeSocket();
    const events = new Recorder();
    const socket = createOpenUdpSocket({
      createSocket: () => fake as unknown as Socket,
    })('ipv4', events);
    return { fake, events, socket };
  };
  const error = (code: string): Error => Object.assign(new Error(`${code} happened`), { code });
  const to = { address: '192.0.2.1', port: 9 };

  it('tells when the socket cannot be bound', () => {
    const { fake, events, socket } = setUp();
    fake.emit('error', error('EACCES'));
    fake.emit('error', error('EACCES'));
    socket.send(Uint8Array.of(1), to);
    expect([events.errors, fake.closed]).toEqual([['EACCES happened'], 1]);
  });

  it.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EMSGSIZE', 'EPERM', 'ENOTFOUND'])(
    'takes %s for a loss',
    (code) => {
      const { fake, events, socket } = setUp();
      fake.emit('listening');
      fake.sendError = error(code);
      socket.send(Uint8Array.of(1), to);
      fake.emit('error', error(code));
      expect([events.errors, fake.closed]).toEqual([[], 0]);
    },
  );

  it.each(['EBADF', 'ECONNABORTED', 'ERR_SOCKET_DGRAM_NOT_RUNNING'])(
    'takes %s for the end, and tells once',
    (code) => {
      const { fake, events, socket } = setUp();
      fake.emit('listening');
      fake.sendError = error(code);
      socket.send(Uint8Array.of(1), to);
      fake.emit('error', error(code));
      fake.emit('message', Buffer.from('late'), { address: '192.0.2.1', port: 9 });
      expect([events.errors, events.messages, fake.closed]).toEqual([[`${code} happened`], [], 1]);
    },
  );

  it('bounds the datagrams that wait', () => {
    const { fake, socket } = setUp();
    fake.emit('listening');
    let calls = 0;
    fake.send = () => void calls++;
    for (let i = 0; i < 5_000; i++) socket.send(Uint8Array.of(1), to);
    expect(calls).toBe(1024);
  });

  it('reports a socket that cannot be made, after it has returned', async () => {
    const events = new Recorder();
    const refuse = (() => {
      throw new Error('EMFILE');
    }) as typeof createSocket;
    const openUdpSocket = createOpenUdpSocket({ createSocket: refuse });
    const closedEarly = new Recorder();
    openUdpSocket('ipv6', closedEarly).close();
    const socket = openUdpSocket('ipv6', events);
    socket.send(Uint8Array.of(1), to);
    expect([socket.family, socket.localPort, events.errors]).toEqual(['ipv6', 0, []]);
    await Promise.resolve();
    expect([events.errors, closedEarly.errors]).toEqual([['EMFILE'], []]);
  });
});
