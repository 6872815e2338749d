import { canonicalIpAddress, isPort } from '../ip-address';
import type {
  IpFamily,
  OpenUdpSocket,
  SocketAddress,
  UdpSocket,
  UdpSocketEvents,
} from '../udp-socket';
import { errorTextOf, wholeBufferOf } from './mini-api';
import type { MiniApi } from './mini-api';

type CreateUdpSocket = NonNullable<MiniApi['createUDPSocket']>;
type NativeSocket = WechatMiniprogram.UDPSocket;

/**
 * `onError` is one event for sends that failed and sockets that died. These mean the latter, by name,
 * by the system's text or by number: EBADF 9, EPIPE 32, ECONNABORTED (53 on iOS, 103 on Android),
 * ENOTCONN (57 and 107). A socket that died in another way shows by its silence.
 */
const FATAL_ERRORS = [
  /EBADF|EPIPE|ECONNABORTED|ENOTCONN/,
  /bad file descriptor|broken pipe|connection abort|not connected|closed/i,
  /err\w*\W{0,3}(9|32|53|57|103|107)\b/i,
];

/**
 * UDP sockets of a mini-program (`wx.createUDPSocket`, base library 2.7.0). Limits of the platform:
 * received datagrams are shorter than 4096 bytes; any IP address can be sent to from 2.9.3 on, and
 * only addresses of the own subnet before; IPv6 needs 2.18.0; nothing is sent or received about 5 s
 * after the app went to the background. How many sockets an app may have is not documented.
 */
export function createOpenUdpSocket(createUdpSocket: CreateUdpSocket): OpenUdpSocket {
  return (family, events) => new MiniUdpSocket(createUdpSocket, family, events);
}

class MiniUdpSocket implements UdpSocket {
  private state: 'binding' | 'bound' | 'closed' = 'binding';
  private readonly socket: NativeSocket | null;
  private port = 0;

  constructor(
    createUdpSocket: CreateUdpSocket,
    readonly family: IpFamily,
    private readonly events: UdpSocketEvents,
  ) {
    let socket: NativeSocket | null = null;
    try {
      socket = createUdpSocket(family === 'ipv6' ? 'udp6' : 'udp4');
      // `setTTL` came with the socket's type: without it every socket is an IPv4 one.
      if (family === 'ipv6' && typeof socket.setTTL !== 'function') {
        throw new Error('IPv6 needs base library 2.18.0');
      }
      this.listen(socket);
      const port = socket.bind();
      if (!isPort(port)) throw new Error(`bind answered ${String(port)}`);
      this.soon(() => this.onBound(port));
    } catch (cause) {
      this.soon(() => this.fail(errorTextOf(cause)));
    }
    this.socket = socket;
  }

  get localPort(): number {
    return this.port;
  }

  send(packet: Uint8Array, { address, port }: SocketAddress): void {
    if (this.state !== 'bound' || !isPort(port)) return;
    try {
      this.socket?.send({ address, port, message: wholeBufferOf(packet) });
    } catch {
      // A loss, as on the network.
    }
  }

  close(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    try {
      this.socket?.close();
    } catch {
      // It is closed already.
    }
  }

  private listen(socket: NativeSocket): void {
    socket.onMessage(({ message, remoteInfo }) => {
      if (this.state !== 'bound' || typeof message === 'string') return;
      const address = canonicalIpAddress(remoteInfo.address);
      if (address === null || !isPort(remoteInfo.port)) return;
      this.events.onMessage(new Uint8Array(message), { address, port: remoteInfo.port });
    });
    socket.onError((cause) => {
      const detail = errorTextOf(cause);
      if (this.state === 'binding' || FATAL_ERRORS.some((pattern) => pattern.test(detail)))
        this.fail(detail);
    });
    socket.onClose(() => this.fail('closed by the system'));
  }

  private onBound(port: number): void {
    if (this.state !== 'binding') return;
    this.state = 'bound';
    this.port = port;
    this.events.onBound();
  }

  private fail(detail: string): void {
    if (this.state === 'closed') return;
    this.close();
    this.events.onError(detail);
  }

  /** The opener has no socket yet while the constructor runs. */
  private soon(call: () => void): void {
    void Promise.resolve().then(call);
  }
}
