import type {
  Clock,
  Host,
  IpFamily,
  NetworkEvent,
  OpenUdpSocket,
  OpenWebSocket,
  Random,
  SocketAddress,
  UdpSocketEvents,
} from '../../services/host';
import type { Addresses, Datagram } from './datagram';
import type { VirtualAccess } from './virtual-access';
import { VirtualUdpSocket } from './virtual-udp-socket';
import { VirtualWebSocket } from './virtual-web-socket';
import type { VirtualServer } from './virtual-web-socket';

/** What the system does to an application's sockets. */
export type SocketFate =
  /** Nothing. */
  | 'survive'
  /** Nothing passes any more, and nobody says so. */
  | 'silent'
  /** They end with an error. */
  | 'error';

/** What an application needs of the machine it runs on. */
export interface Machine {
  readonly clock: Clock;
  readonly random: Random;
  readonly stored: Map<string, string>;
  readonly wallOffsetMs: number;
  readonly udpFamilies: readonly IpFamily[];
  readonly tellsNetwork: boolean;
  readonly tellsAddresses: boolean;
  access(): VirtualAccess | null;
  addresses(): Addresses;
  bind(app: VirtualApp, socket: VirtualUdpSocket, port?: number): number | null;
  unbind(socket: VirtualUdpSocket): void;
  transmit(socket: VirtualUdpSocket, packet: Uint8Array, to: SocketAddress): void;
  findServer(url: string): VirtualServer | null;
}

/** One run of an application: its timers, its sockets, and the host interface it sees. */
export class VirtualApp {
  readonly host: Host;
  private readonly machine: Machine;
  private readonly udpSockets = new Set<VirtualUdpSocket>();
  private readonly webSockets = new Set<VirtualWebSocket>();
  private readonly listeners = new Set<(event: NetworkEvent) => void>();
  /** What would have happened while the application slept. */
  private readonly deferred: (() => void)[] = [];
  private state: 'awake' | 'asleep' | 'killed' = 'awake';

  constructor(machine: Machine) {
    const { stored } = machine;
    this.machine = machine;
    this.host = {
      clock: this.createClock(),
      random: machine.random,
      storage: {
        get: (key) => stored.get(key) ?? null,
        set: (key, value) => void stored.set(key, value),
      },
      openWebSocket: this.openWebSocket,
      ...(machine.udpFamilies.length > 0 ? { openUdpSocket: this.openUdpSocket } : {}),
      ...(machine.tellsNetwork ? { network: this.network } : {}),
    };
  }

  /** Runs `call` now, or as soon as the application is awake; never once it was killed. */
  run(call: () => void): void {
    if (this.state === 'awake') call();
    else if (this.state === 'asleep') this.deferred.push(call);
  }

  tell(event: NetworkEvent): void {
    this.run(() => {
      for (const listener of [...this.listeners]) listener(event);
    });
  }

  /** @returns whether the application got it. */
  receive(socket: VirtualUdpSocket, { bytes, from }: Datagram): boolean {
    return this.state === 'awake' && socket.receive(bytes, from);
  }

  fallAsleep(): void {
    if (this.state === 'awake') this.state = 'asleep';
  }

  /** @param first is done before anything that should have happened meanwhile. */
  wakeUp(first: () => void): void {
    if (this.state !== 'asleep') return;
    this.state = 'awake';
    first();
    for (const call of this.deferred.splice(0)) this.run(call);
  }

  endUdpSockets(fate: SocketFate): void {
    if (fate === 'survive') return;
    for (const socket of [...this.udpSockets]) socket.die(fate, (call) => this.run(call));
  }

  endWebSockets(fate: SocketFate): void {
    if (fate === 'survive') return;
    for (const socket of [...this.webSockets]) socket.die(fate);
  }

  /** The process ends: nothing of it runs any more, and the system closes its connections. */
  kill(): void {
    this.state = 'killed';
    for (const socket of [...this.udpSockets]) socket.close();
    for (const socket of [...this.webSockets]) socket.close();
  }

  /** Opens a UDP socket at a port of choice. */
  openUdpSocketAt(
    family: IpFamily,
    port: number | undefined,
    events: UdpSocketEvents,
  ): VirtualUdpSocket {
    const { machine } = this;
    const socket = new VirtualUdpSocket(family, events, {
      transmit: (from, packet, to) => {
        if (this.state === 'awake') machine.transmit(from, packet, to);
      },
      onOver: () => {
        this.udpSockets.delete(socket);
        machine.unbind(socket);
      },
    });
    this.udpSockets.add(socket);
    machine.clock.setTimer(0, () =>
      this.run(() => {
        if (!this.udpSockets.has(socket)) return;
        const bound = machine.udpFamilies.includes(family)
          ? machine.bind(this, socket, port)
          : null;
        if (bound === null) socket.fail('the address cannot be bound');
        else socket.bound(bound);
      }),
    );
    return socket;
  }

  private readonly openUdpSocket: OpenUdpSocket = (family, events) =>
    this.openUdpSocketAt(family, undefined, events);

  private readonly openWebSocket: OpenWebSocket = (url, events) => {
    const { machine } = this;
    const access = machine.access();
    const socket = new VirtualWebSocket(url, events, {
      clock: machine.clock,
      access,
      isAttached: () => machine.access() === access,
      run: (call) => this.run(call),
      server: machine.findServer(url),
      onOver: (over) => this.webSockets.delete(over),
    });
    this.webSockets.add(socket);
    return socket;
  };

  private readonly network = {
    subscribe: (listener: (event: NetworkEvent) => void) => {
      // Wrapped, since one function may be subscribed twice.
      const own = (event: NetworkEvent) => listener(event);
      this.listeners.add(own);
      return () => void this.listeners.delete(own);
    },
    localAddresses: async () => {
      if (!this.machine.tellsAddresses) return [];
      const addresses = this.machine.addresses();
      return (['ipv4', 'ipv6'] as const).flatMap((family) => {
        const address = addresses[family];
        return address === null ? [] : [{ family, address }];
      });
    },
  };

  /** The machine's clock; timers that fall due while the application sleeps fire when it wakes. */
  private createClock(): Clock {
    const { clock, wallOffsetMs } = this.machine;
    return {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs() + wallOffsetMs,
      setTimer: (delayMs, callback) => {
        let isSet = true;
        const cancel = clock.setTimer(delayMs, () =>
          this.run(() => {
            if (!isSet) return;
            isSet = false;
            callback();
          }),
        );
        return () => {
          isSet = false;
          cancel();
        };
      },
    };
  }
}
