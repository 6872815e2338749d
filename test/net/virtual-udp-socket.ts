import type { IpFamily, SocketAddress, UdpSocket, UdpSocketEvents } from '../../services/host';

/** What a socket needs of the application that opened it. */
export interface UdpSocketContext {
  readonly transmit: (socket: VirtualUdpSocket, packet: Uint8Array, to: SocketAddress) => void;
  readonly onOver: (socket: VirtualUdpSocket) => void;
}

/** A socket bound to a port of all the host's addresses, so that it outlives a change of network. */
export class VirtualUdpSocket implements UdpSocket {
  readonly family: IpFamily;
  localPort = 0;
  private readonly events: UdpSocketEvents;
  private readonly context: UdpSocketContext;
  private state: 'opening' | 'bound' | 'cut' | 'over' = 'opening';

  constructor(family: IpFamily, events: UdpSocketEvents, context: UdpSocketContext) {
    this.family = family;
    this.events = events;
    this.context = context;
  }

  bound(port: number): void {
    if (this.state !== 'opening') return;
    this.state = 'bound';
    this.localPort = port;
    this.events.onBound();
  }

  send(packet: Uint8Array, to: SocketAddress): void {
    if (this.state === 'bound') this.context.transmit(this, packet, to);
  }

  /** @returns whether the application got it. */
  receive(packet: Uint8Array, from: SocketAddress): boolean {
    if (this.state !== 'bound') return false;
    this.events.onMessage(packet.slice(), from);
    return true;
  }

  close(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.context.onOver(this);
  }

  /** The system takes the socket away; the application may not be told before it is awake. */
  die(fate: 'silent' | 'error', run: (call: () => void) => void): void {
    if (this.state === 'over') return;
    this.state = 'cut';
    if (fate === 'error') run(() => this.fail('the system closed the socket'));
  }

  fail(detail: string): void {
    if (this.state === 'over') return;
    this.close();
    this.events.onError(detail);
  }
}
