import type {
  IpFamily,
  OpenUdpSocket,
  SocketAddress,
  UdpSocketEvents,
} from '../../../../services/host';
import {
  decodeStunMessage,
  encodeBindingError,
  encodeBindingSuccess,
} from '../../../../services/p2p/nat';
import type { VirtualClock } from '../../../net/virtual-clock';

export const LOCAL_PORT = 50_000;

/** Which address and port the world sees when the local port talks to a destination. */
export type NatRule = (to: SocketAddress) => SocketAddress;

const PUBLIC = '198.51.100.20';

/** A number in the range of ports that depends on nothing but the text. */
function portFor(text: string): number {
  let hash = 17;
  for (const char of text) hash = (hash * 31 + char.charCodeAt(0)) % 40_000;
  return 10_000 + hash;
}

export const NAT_RULES = {
  endpointIndependent: () => ({ address: PUBLIC, port: 61_000 }),
  portPreserving: () => ({ address: PUBLIC, port: LOCAL_PORT }),
  addressDependent: (to) => ({ address: PUBLIC, port: portFor(to.address) }),
  addressAndPortDependent: (to) => ({
    address: PUBLIC,
    port: portFor(`${to.address}/${to.port}`),
  }),
} satisfies Record<string, NatRule>;

/** STUN servers behind a NAT, in virtual time; a test bends what it needs to. */
export class StunNet {
  readonly sent: {
    readonly atMs: number;
    readonly to: SocketAddress;
    readonly packet: Uint8Array;
  }[] = [];
  rule: NatRule = NAT_RULES.endpointIndependent;
  delayMs: (to: SocketAddress) => number = () => 20;
  /** Whether the request, counted per server from 1, is lost. */
  isLost: (to: SocketAddress, attempt: number) => boolean = () => false;
  isError: (to: SocketAddress) => boolean = () => false;
  deliver: (packet: Uint8Array, from: SocketAddress) => void = () => undefined;
  socketEvents: UdpSocketEvents | null = null;
  closedSockets = 0;
  bindDelayMs: number | null = 1;
  private readonly attempts = new Map<string, number>();

  constructor(private readonly clock: VirtualClock) {}

  readonly send = (packet: Uint8Array, to: SocketAddress): void => {
    this.sent.push({ atMs: this.clock.nowMs(), to, packet });
    const key = `${to.address}/${to.port}`;
    const attempt = (this.attempts.get(key) ?? 0) + 1;
    this.attempts.set(key, attempt);
    if (this.isLost(to, attempt)) return;
    const { transactionId } = decodeStunMessage(packet)!;
    const answer = this.isError(to)
      ? encodeBindingError({ transactionId, code: 500 })
      : encodeBindingSuccess({ transactionId, mappedAddress: this.rule(to), fingerprint: true });
    this.clock.setTimer(this.delayMs(to), () => this.deliver(answer, to));
  };

  /** Makes the next probe start from scratch. */
  forgetAttempts(): void {
    this.attempts.clear();
    this.sent.length = 0;
  }

  readonly openUdpSocket: OpenUdpSocket = (family: IpFamily, events) => {
    this.socketEvents = events;
    this.deliver = events.onMessage;
    if (this.bindDelayMs !== null) this.clock.setTimer(this.bindDelayMs, () => events.onBound());
    return {
      family,
      localPort: LOCAL_PORT,
      send: this.send,
      close: () => void this.closedSockets++,
    };
  };
}
