import type {
  Host,
  IpFamily,
  NetworkEvent,
  SocketAddress,
  UdpSocket,
  UdpSocketEvents,
} from '../../services/host';
import type { Addresses, Datagram, DatagramFate, NetworkNode } from './datagram';
import type { SeededRandom } from './seeded-random';
import type { VirtualAccess } from './virtual-access';
import { VirtualApp } from './virtual-app';
import type { Machine, SocketFate } from './virtual-app';
import type { VirtualClock } from './virtual-clock';
import type { VirtualUdpSocket } from './virtual-udp-socket';
import type { VirtualServer } from './virtual-web-socket';

export interface VirtualHostOptions {
  /** Families of UDP sockets the host offers (default both; none: it has no UDP at all). */
  readonly udpFamilies?: readonly IpFamily[];
  /** Whether the host has a network monitor (default). */
  readonly tellsNetwork?: boolean;
  /** Whether it tells its own addresses (default); browsers do not. */
  readonly tellsAddresses?: boolean;
  /** How far the host's wall clock is ahead, ms. */
  readonly wallOffsetMs?: number;
}

export interface MoveOptions {
  /** How long the host is without any network in between (default 0). */
  readonly gapMs?: number;
  /** How late the host tells its applications (default 0); null: it never does. */
  readonly tellAfterMs?: number | null;
  /** Default 'survive', as sockets bound to all addresses do. */
  readonly udpSockets?: SocketFate;
  /** Default 'survive'; yet a connection has one address, and stands still until that is back. */
  readonly webSockets?: SocketFate;
}

export interface SleepOptions {
  /** What waking up finds (default 'survive'). */
  readonly udpSockets?: SocketFate;
  readonly webSockets?: SocketFate;
  /** Whether the applications hear of `hidden` and `shown` (default). */
  readonly tells?: boolean;
}

/** What a host needs of the network it belongs to. */
export interface HostContext {
  readonly clock: VirtualClock;
  readonly newRandom: () => SeededRandom;
  readonly findServer: (url: string) => VirtualServer | null;
  readonly report: (fate: DatagramFate, datagram: Datagram) => void;
}

/** Linux's ephemeral ports. */
const FIRST_PORT = 32_768;
const PORTS = 28_232;
const NO_ADDRESSES: Addresses = { ipv4: null, ipv6: null };

/** A phone or a camera: it sits at one access at a time, and may move. */
export class VirtualHost implements NetworkNode {
  readonly counters = { sent: 0, sentBytes: 0, received: 0, receivedBytes: 0, unheard: 0 };
  /** What applications have stored; outlives them. */
  readonly stored = new Map<string, string>();
  private readonly context: HostContext;
  private readonly options: VirtualHostOptions;
  private readonly portRandom: SeededRandom;
  private readonly apps = new Set<VirtualApp>();
  private readonly ports = new Map<string, { app: VirtualApp; socket: VirtualUdpSocket }>();
  private currentAccess: VirtualAccess | null = null;
  private currentAddresses = NO_ADDRESSES;
  private moves = 0;
  private isAsleep = false;

  constructor(context: HostContext, access: VirtualAccess, options: VirtualHostOptions) {
    this.context = context;
    this.options = options;
    this.portRandom = context.newRandom();
    this.attach(access);
  }

  get access(): VirtualAccess | null {
    return this.currentAccess;
  }

  get addresses(): Addresses {
    return this.currentAddresses;
  }

  /** Starts an application and returns what it sees. Several may run at once. */
  createHost(): Host {
    return this.startApp().host;
  }

  /** Ends all applications without a word to anybody; `createHost` starts the next. */
  kill(): void {
    for (const app of this.apps) app.kill();
    this.apps.clear();
  }

  /** Opens a socket at a port of choice, as a server does. */
  openUdpSocketAt(family: IpFamily, port: number, events: UdpSocketEvents): UdpSocket {
    return this.startApp().openUdpSocketAt(family, port, events);
  }

  /** Moves to another access, or to none. */
  moveTo(access: VirtualAccess | null, options: MoveOptions = {}): void {
    const { gapMs = 0, udpSockets = 'survive', webSockets = 'survive' } = options;
    const move = ++this.moves;
    this.attach(gapMs > 0 ? null : access);
    for (const app of this.apps) {
      app.endUdpSockets(udpSockets);
      app.endWebSockets(webSockets);
    }
    this.tellChanged(options);
    if (gapMs === 0) return;
    this.context.clock.setTimer(gapMs, () => {
      // Unless it has moved on meanwhile.
      if (move !== this.moves) return;
      this.attach(access);
      this.tellChanged(options);
    });
  }

  /** Goes to the background for `durationMs`: timers stand still, nothing is sent or received. */
  sleep(durationMs: number, options: SleepOptions = {}): void {
    if (this.isAsleep) throw new Error('the host sleeps already');
    const { udpSockets = 'survive', webSockets = 'survive', tells = true } = options;
    if (tells) this.tell({ kind: 'hidden' });
    this.isAsleep = true;
    for (const app of this.apps) {
      app.fallAsleep();
      app.endUdpSockets(udpSockets);
      app.endWebSockets(webSockets);
    }
    this.context.clock.setTimer(durationMs, () => {
      this.isAsleep = false;
      const event: NetworkEvent = { kind: 'shown', hiddenMs: durationMs };
      for (const app of [...this.apps]) app.wakeUp(() => (tells ? app.tell(event) : undefined));
    });
  }

  receive(datagram: Datagram): void {
    const { to, bytes } = datagram;
    const family = to.address === this.currentAddresses.ipv4 ? 'ipv4' : 'ipv6';
    const bound = this.ports.get(portKey(family, to.port));
    if (bound?.app.receive(bound.socket, datagram) !== true) {
      this.counters.unheard++;
      this.context.report('unheard', datagram);
      return;
    }
    this.counters.received++;
    this.counters.receivedBytes += bytes.length;
    this.context.report('delivered', datagram);
  }

  private startApp(): VirtualApp {
    const app = new VirtualApp(this.createMachine());
    if (this.isAsleep) app.fallAsleep();
    this.apps.add(app);
    return app;
  }

  private attach(access: VirtualAccess | null): void {
    this.currentAccess?.detach(this);
    this.currentAccess = access;
    this.currentAddresses = access?.attach(this) ?? NO_ADDRESSES;
  }

  private tell(event: NetworkEvent): void {
    for (const app of [...this.apps]) app.tell(event);
  }

  private tellChanged({ tellAfterMs = 0 }: MoveOptions): void {
    if (tellAfterMs === null) return;
    const event: NetworkEvent = { kind: 'changed', type: this.currentAccess?.type ?? 'none' };
    if (tellAfterMs === 0) this.tell(event);
    else this.context.clock.setTimer(tellAfterMs, () => this.tell(event));
  }

  private createMachine(): Machine {
    const { context, options, stored } = this;
    const { clock, newRandom, findServer } = context;
    return {
      clock,
      random: newRandom(),
      stored,
      wallOffsetMs: options.wallOffsetMs ?? 0,
      udpFamilies: options.udpFamilies ?? ['ipv4', 'ipv6'],
      tellsNetwork: options.tellsNetwork ?? true,
      tellsAddresses: options.tellsAddresses ?? true,
      access: () => this.currentAccess,
      addresses: () => this.currentAddresses,
      bind: (app, socket, port) => this.bind(app, socket, port),
      unbind: ({ family, localPort }) => void this.ports.delete(portKey(family, localPort)),
      transmit: (socket, packet, to) => this.transmit(socket, packet, to),
      findServer,
    };
  }

  private bind(app: VirtualApp, socket: VirtualUdpSocket, wanted?: number): number | null {
    const { family } = socket;
    let port = wanted ?? this.randomPort();
    while (this.ports.has(portKey(family, port))) {
      if (wanted !== undefined) return null;
      port = this.randomPort();
    }
    this.ports.set(portKey(family, port), { app, socket });
    return port;
  }

  private randomPort(): number {
    return FIRST_PORT + Math.floor(this.portRandom.next() * PORTS);
  }

  private transmit(socket: VirtualUdpSocket, packet: Uint8Array, to: SocketAddress): void {
    const address = this.currentAddresses[socket.family];
    const from = { address: address ?? 'unspecified', port: socket.localPort };
    const datagram = { from, to: { ...to }, bytes: packet.slice() };
    this.counters.sent++;
    this.counters.sentBytes += packet.length;
    this.context.report('sent', datagram);
    if (address === null || this.currentAccess === null)
      this.context.report('unroutable', datagram);
    else this.currentAccess.send(datagram);
  }
}

const portKey = (family: IpFamily, port: number): string => `${family}|${port}`;
