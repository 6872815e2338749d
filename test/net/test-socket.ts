import type { IpFamily, SocketAddress, UdpSocket } from '../../services/host';
import type { VirtualHost } from './virtual-host';

/** A socket that remembers what it got, for tests that look at single datagrams. */
export class TestSocket {
  readonly received: {
    readonly text: string;
    readonly from: SocketAddress;
    readonly atMs: number;
  }[] = [];
  readonly errors: string[] = [];
  private readonly socket: UdpSocket;

  constructor(
    readonly host: VirtualHost,
    port?: number,
    family: IpFamily = 'ipv4',
  ) {
    const app = host.createHost();
    const events = {
      onBound: () => undefined,
      onMessage: (packet: Uint8Array, from: SocketAddress) => {
        const text = new TextDecoder().decode(packet);
        this.received.push({ text, from, atMs: app.clock.nowMs() });
      },
      onError: (detail: string) => this.errors.push(detail),
    };
    this.socket =
      port === undefined
        ? app.openUdpSocket!(family, events)
        : host.openUdpSocketAt(family, port, events);
  }

  /** Its address on its own network. */
  get local(): SocketAddress {
    const { family, localPort } = this.socket;
    return { address: this.host.addresses[family]!, port: localPort };
  }

  /** Where the last datagram came from. */
  get lastFrom(): SocketAddress {
    return this.received.at(-1)!.from;
  }

  get texts(): string[] {
    return this.received.map(({ text }) => text);
  }

  send(text: string, to: SocketAddress): void {
    this.socket.send(new TextEncoder().encode(text), to);
  }

  close(): void {
    this.socket.close();
  }
}
