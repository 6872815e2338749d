import type { IpFamily } from '../../services/host';
import type { Datagram, DatagramFate, NetworkNode, Segment, TraceEntry } from './datagram';
import { SeededRandom } from './seeded-random';
import { VirtualAccess } from './virtual-access';
import type { AccessOptions } from './virtual-access';
import type { VirtualClock } from './virtual-clock';
import { VirtualHost } from './virtual-host';
import type { VirtualHostOptions } from './virtual-host';
import { VirtualRelay } from './virtual-relay';
import type { VirtualServer } from './virtual-web-socket';

export interface NetworkHostOptions extends VirtualHostOptions {
  /** Where the host sits, or what to build for it alone; public by default. */
  readonly access?: VirtualAccess | AccessOptions;
}

/** The first public address, counted upwards from here. */
const FIRST_PUBLIC_ADDRESS = [203, 0, 113, 1] as const;

/**
 * An internet in virtual time: accesses with NATs and links, hosts, relays. The same seed and the
 * same calls give the same datagrams at the same times.
 */
export class VirtualNetwork {
  readonly clock: VirtualClock;
  /** Datagrams by what became of them. */
  readonly counters: Readonly<Record<DatagramFate, number>>;
  /** Told of each step of each datagram. */
  onTrace: ((entry: TraceEntry) => void) | null = null;
  private readonly tally: Record<DatagramFate, number> = {
    sent: 0,
    'too-big': 0,
    blocked: 0,
    lost: 0,
    unroutable: 0,
    filtered: 0,
    unheard: 0,
    delivered: 0,
  };
  private readonly seeds: SeededRandom;
  private readonly publicNodes = new Map<string, NetworkNode>();
  private readonly servers = new Map<string, VirtualServer>();
  private readonly allocated: Record<IpFamily, number> = { ipv4: 0, ipv6: 0 };
  private accesses = 0;

  constructor(clock: VirtualClock, seed: number) {
    this.clock = clock;
    this.counters = this.tally;
    this.seeds = new SeededRandom(seed);
  }

  addAccess(options: AccessOptions = {}): VirtualAccess {
    const { clock, newRandom, report } = this;
    const outside = options.behind ?? this.internet;
    return new VirtualAccess({ clock, newRandom, report, outside }, ++this.accesses, options);
  }

  addHost(options: NetworkHostOptions = {}): VirtualHost {
    const { clock, newRandom, report } = this;
    const access =
      options.access instanceof VirtualAccess ? options.access : this.addAccess(options.access);
    const findServer = (url: string) => this.servers.get(url) ?? null;
    return new VirtualHost({ clock, newRandom, report, findServer }, access, options);
  }

  /** A relay; `delayMs` is its own way to the internet, beside that of the host's access. */
  addRelay(options: { readonly url?: string; readonly delayMs?: number } = {}): VirtualRelay {
    const { url = `ws://relay${this.servers.size + 1}.example/relay`, delayMs = 10 } = options;
    const relay = new VirtualRelay(this.clock, { seed: this.newSeed(), delayMs, url });
    const open = relay.createHost(this.newSeed()).openWebSocket!;
    this.servers.set(url, { open, delayMs: () => relay.delayMs });
    return relay;
  }

  /**
   * Runs the clock. Unlike `VirtualClock.advance` it lets promises settle after each timer, for code
   * that awaits something of its host.
   */
  async run(durationMs: number): Promise<void> {
    let isOver = false;
    this.clock.setTimer(durationMs, () => {
      isOver = true;
    });
    await this.stepUntil(() => isOver);
  }

  /** Runs the clock until `done` holds. @throws Error when it does not within `limitMs`. */
  async runUntil(done: () => boolean, limitMs: number): Promise<void> {
    let isOver = false;
    const cancel = this.clock.setTimer(limitMs, () => {
      isOver = true;
    });
    await this.stepUntil(() => isOver || done());
    cancel();
    if (!done()) throw new Error(`not done after ${limitMs} ms of virtual time`);
  }

  private async stepUntil(done: () => boolean): Promise<void> {
    await settled();
    while (!done()) {
      this.clock.step();
      await settled();
    }
  }

  private readonly internet: Segment = {
    allocate: (node, family) => {
      const number = this.allocated[family]++;
      const address = family === 'ipv4' ? publicAddress(number) : `2001:db8:${hex(number + 1)}::1`;
      this.publicNodes.set(address, node);
      return address;
    },
    send: (datagram) => {
      const node = this.publicNodes.get(datagram.to.address);
      if (node === undefined) this.report('unroutable', datagram);
      else node.receive(datagram);
    },
  };

  private readonly report = (fate: DatagramFate, { from, to, bytes }: Datagram): void => {
    this.tally[fate]++;
    this.onTrace?.({ atMs: this.clock.nowMs(), fate, from, to, sizeBytes: bytes.length });
  };

  /** Everything rolls its own dice, so that one link's losses do not depend on another's traffic. */
  private readonly newRandom = (): SeededRandom => new SeededRandom(this.newSeed());

  private newSeed(): number {
    return Math.floor(this.seeds.next() * 0x1_0000_0000);
  }
}

/** Resolves when all promises that can settle without a timer have settled. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const hex = (value: number): string => value.toString(16);

function publicAddress(number: number): string {
  const [a, b, c, d] = FIRST_PUBLIC_ADDRESS;
  const value = ((a << 24) | (b << 16) | (c << 8) | d) + number;
  return [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
}
