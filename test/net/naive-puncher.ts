import type {
  CancelTimer,
  Clock,
  OpenUdpSocket,
  SocketAddress,
  UdpSocket,
} from '../../services/host';

const INTERVAL_MS = 50;

/**
 * The least that punches a hole, to try networks with, virtual or real: it asks reflectors for its
 * address, sends pings to all addresses it has heard of, and takes the first that answers.
 */
export class NaivePuncher {
  /** Our addresses as the reflectors see them, in the order of the reflectors. */
  readonly mapped: (SocketAddress | undefined)[] = [];
  /** Where the peer has answered from. */
  connected: SocketAddress | null = null;
  /** Whether that was none of the addresses we had been told. */
  isPeerReflexive = false;
  private readonly socket: UdpSocket;
  private readonly told: SocketAddress[] = [];
  private readonly heard: SocketAddress[] = [];
  private cancelTick: CancelTimer = () => undefined;

  /** @param reflectors answer as `reflect` does. */
  constructor(
    openUdpSocket: OpenUdpSocket,
    private readonly clock: Clock,
    private readonly reflectors: readonly SocketAddress[],
  ) {
    this.socket = openUdpSocket(reflectors[0]?.address.includes(':') ? 'ipv6' : 'ipv4', {
      onBound: () => this.tick(),
      onMessage: (packet, from) => this.onMessage(textOf(packet), from),
      onError: (detail) => {
        throw new Error(detail);
      },
    });
  }

  get isMapped(): boolean {
    return this.reflectors.every((_, i) => this.mapped[i] !== undefined);
  }

  /** Forgets what the reflectors have said, and asks them again. */
  askAgain(): void {
    this.mapped.length = 0;
  }

  punch(candidates: readonly SocketAddress[]): void {
    this.told.push(...candidates);
  }

  close(): void {
    this.cancelTick();
    this.socket.close();
  }

  private tick(): void {
    this.reflectors.forEach((reflector, i) => {
      if (this.mapped[i] === undefined) this.socket.send(bytesOf('?'), reflector);
    });
    for (const candidate of [...this.told, ...this.heard]) {
      this.socket.send(bytesOf('ping'), candidate);
    }
    this.cancelTick = this.clock.setTimer(INTERVAL_MS, () => this.tick());
  }

  private onMessage(text: string, from: SocketAddress): void {
    const isFrom = (other: SocketAddress) =>
      other.address === from.address && other.port === from.port;
    const [word, address, port] = text.split(' ');
    if (word === 'seen') {
      const reflector = this.reflectors.findIndex(isFrom);
      if (reflector >= 0) this.mapped[reflector] = { address: address!, port: Number(port) };
    } else if (word === 'ping') {
      if (![...this.told, ...this.heard].some(isFrom)) this.heard.push(from);
      this.socket.send(bytesOf('pong'), from);
    } else if (word === 'pong' && this.connected === null) {
      this.connected = from;
      this.isPeerReflexive = !this.told.some(isFrom);
    }
  }
}

/** A reflector's answer to `?`, with what followed it; null for anything else. */
export function reflect(packet: Uint8Array, from: SocketAddress): Uint8Array | null {
  const [word, id = ''] = textOf(packet).split(' ');
  return word === '?' ? bytesOf(`seen ${from.address} ${from.port} ${id}`) : null;
}

const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
