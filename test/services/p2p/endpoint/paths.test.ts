import type { Host, UdpSocket } from '../../../../services/host';
import { CameraEndpoint, Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection, PathInfo } from '../../../../services/p2p/endpoint';
import type { ResponseWriter } from '../../../../services/p2p/http';
import { formatStunUrl } from '../../../../services/p2p/nat';
import { EventLog, StreamPriority } from '../../../../services/p2p/session';
import type { VirtualAccess } from '../../../net/virtual-access';
import type { AccessOptions } from '../../../net/virtual-access';
import { VirtualClock } from '../../../net/virtual-clock';
import type { VirtualHost } from '../../../net/virtual-host';
import { VirtualNetwork } from '../../../net/virtual-network';
import { addStunServers } from '../../../net/virtual-stun';
import type { VirtualRelay } from '../../../net/virtual-relay';

// A minute of video takes seconds on a busy machine.
jest.setTimeout(30_000);

const SECRET = new Uint8Array(16).fill(7);
/** A frame of the live stream: 25 a second, 2 Mbit/s. */
const FRAME_BYTES = 10_000;
const FRAME_MS = 40;
const HOME = { up: { delayMs: 20 }, down: { delayMs: 20 } };

/** A camera that streams, and a viewer that watches, each somewhere in a virtual internet. */
class World {
  readonly clock = new VirtualClock();
  readonly network: VirtualNetwork;
  readonly stunServers: readonly string[];
  readonly relay: VirtualRelay;
  readonly cameraHost: VirtualHost;
  readonly viewerHost: VirtualHost;
  readonly paths: PathInfo[] = [];
  readonly arrivals: number[] = [];
  received = 0;
  sent = 0;
  broken = false;
  losesDatagrams = false;
  sessions = 0;
  connection: Connection | null = null;
  readonly log = new EventLog();
  private response: ResponseWriter | null = null;

  constructor(
    camera: AccessOptions | VirtualAccess,
    viewer: AccessOptions | ((world: VirtualNetwork) => VirtualAccess),
    seed = 5,
  ) {
    this.network = new VirtualNetwork(this.clock, seed);
    this.stunServers = addStunServers(this.network).ipv4.map(formatStunUrl);
    this.relay = this.network.addRelay({ delayMs: 10 });
    this.cameraHost = this.network.addHost({ access: camera });
    const access = typeof viewer === 'function' ? viewer(this.network) : viewer;
    this.viewerHost = this.network.addHost({ access });
  }

  /** Starts both sides and waits for the first bytes. @param idle what happens before the viewer comes. */
  async start(idle: () => Promise<void> = async () => undefined): Promise<this> {
    const { stunServers } = this;
    const camera = new CameraEndpoint(this.withSwitch(this.cameraHost.createHost()), {
      stunServers,
    });
    camera.listen({
      relayUrl: this.relay.url,
      accessSecret: SECRET,
      onSessions: (count) => {
        this.sessions = Math.max(this.sessions, count);
      },
      onRequest: (_, response) => {
        this.response = response;
        response.writeHead(200);
      },
    });
    await this.network.run(500);
    await idle();
    const viewer = new Endpoint(this.viewerHost.createHost(), { stunServers });
    this.connection = viewer.connect(
      { publicKey: camera.publicKey, accessSecret: SECRET, relayUrl: this.relay.url },
      {
        onConnected: () => undefined,
        onPath: (path) => this.paths.push(path),
        onClosed: () => {
          this.broken = true;
        },
      },
      this.log,
    );
    this.connection.request(
      { method: 'GET', target: '/ipc.flv', priority: StreamPriority.Live, early: true },
      {
        onHead: () => undefined,
        onData: (bytes) => this.onData(bytes),
        onEnd: () => undefined,
        onFail: () => {
          this.broken = true;
        },
      },
    );
    this.stream();
    await this.network.runUntil(() => this.received > 0, 3000);
    return this;
  }

  get kind(): PathInfo['kind'] {
    return this.connection!.path.kind;
  }

  /** The longest time without a byte since `fromMs`. */
  longestGap(fromMs: number): number {
    const times = [fromMs, ...this.arrivals.filter((at) => at >= fromMs), this.clock.nowMs()];
    return Math.max(...times.slice(1).map((at, i) => at - times[i]!));
  }

  /** A camera whose datagrams can be lost while its other connections go on. */
  private withSwitch(host: Host): Host {
    const { openUdpSocket } = host;
    return {
      ...host,
      openUdpSocket: (family, events) => {
        const socket = openUdpSocket!(family, {
          ...events,
          onMessage: (packet, from) => {
            if (!this.losesDatagrams) events.onMessage(packet, from);
          },
        });
        const send: UdpSocket['send'] = (packet, to) => {
          if (!this.losesDatagrams) socket.send(packet, to);
        };
        return {
          family,
          send,
          close: () => socket.close(),
          get localPort() {
            return socket.localPort;
          },
        };
      },
    };
  }

  private stream(): void {
    this.clock.setTimer(FRAME_MS, () => {
      const { response } = this;
      if (response !== null && response.bufferedBytes() < 1_000_000) {
        const frame = new Uint8Array(FRAME_BYTES);
        for (let i = 0; i < frame.length; i++) frame[i] = (this.sent + i) % 251;
        this.sent += frame.length;
        response.write(frame);
      }
      this.stream();
    });
  }

  private onData(bytes: Uint8Array): void {
    this.arrivals.push(this.clock.nowMs());
    for (let i = 0; i < bytes.length; i++) {
      if (bytes[i] !== (this.received + i) % 251) throw new Error('a byte is wrong or missing');
    }
    this.received += bytes.length;
  }
}

describe('the way to the camera', () => {
  it('leads through the LAN when both are at home', async () => {
    const network = { access: null as VirtualAccess | null };
    const world = new World({ nat: 'port-restricted', ...HOME }, (net) => {
      network.access = net.addAccess({ nat: 'port-restricted', ...HOME });
      return network.access;
    });
    world.cameraHost.moveTo(network.access);
    await world.start();
    await world.network.runUntil(() => world.kind === 'lan', 2000);
    const forwarded = world.relay.counters.bytesForwarded;
    await world.network.run(5000);
    expect(world.relay.counters.bytesForwarded - forwarded).toBeLessThan(20_000);
    expect(world.received).toBeGreaterThan(world.sent - 3 * FRAME_BYTES);
  });

  it('is direct when one side can be reached from outside, also from a symmetric NAT', async () => {
    const world = await new World({ nat: 'none', ...HOME }, { nat: 'symmetric', ...HOME }).start();
    await world.network.runUntil(() => world.kind === 'direct', 2000);
    await world.network.run(5000);
    expect(world.kind).toBe('direct');
    expect(world.broken).toBe(false);
  });

  it('stays on the relay where UDP is blocked', async () => {
    const world = await new World(
      { nat: 'none', ...HOME },
      { nat: 'udp-blocked', ...HOME },
    ).start();
    await world.network.run(15_000);
    expect(world.kind).toBe('relay');
    expect(world.longestGap(2000)).toBeLessThan(200);
  });

  it('begins on the relay at once: no frame waits for a punch', async () => {
    const world = await new World({ nat: 'none', ...HOME }, { nat: 'none', ...HOME }).start();
    expect(world.kind).toBe('relay');
  });

  it("is direct although the camera's NAT has forgotten it since it registered", async () => {
    const world = new World(
      { nat: 'port-restricted', ...HOME },
      { nat: 'port-restricted', ...HOME },
    );
    await world.start(async () => {
      world.cameraHost.access!.nat.rebind();
      // The camera's connection to the relay has not outlived that.
      await world.network.run(60_000);
    });
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    expect(world.kind).toBe('direct');
  });
});

describe('each pair of NATs', () => {
  const kinds = ['none', 'full', 'address-restricted', 'port-restricted', 'symmetric'] as const;
  /** No way through where a symmetric NAT meets one that looks at ports (RFC 5128 §3.4). */
  const isHopeless = (a: string, b: string) =>
    (a === 'symmetric' && (b === 'symmetric' || b === 'port-restricted')) ||
    (b === 'symmetric' && a === 'port-restricted');
  const pairs = kinds.flatMap((camera) =>
    kinds.map(
      (viewer) => [camera, viewer, isHopeless(camera, viewer) ? 'relay' : 'direct'] as const,
    ),
  );

  it.each(pairs)('camera %s, viewer %s: %s', async (camera, viewer, expected) => {
    const world = await new World({ nat: camera, ...HOME }, { nat: viewer, ...HOME }).start();
    if (expected === 'direct') await world.network.runUntil(() => world.kind === 'direct', 3000);
    else await world.network.run(12_000);
    await world.network.run(1000);
    expect(world.kind).toBe(expected);
    expect(world.broken).toBe(false);
    expect(world.received).toBeGreaterThan(world.sent - 5 * FRAME_BYTES);
  });
});

describe('a session', () => {
  const direct = () =>
    new World({ nat: 'none', ...HOME }, { nat: 'port-restricted', ...HOME }).start();

  it('does not notice the death of the relay while it is direct', async () => {
    const world = await direct();
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    await world.network.run(1000);
    world.relay.kill();
    const fromMs = world.clock.nowMs();
    await world.network.run(40_000);
    expect(world.longestGap(fromMs)).toBeLessThan(200);
    expect(world.broken).toBe(false);
    expect(world.paths.at(-1)).toMatchObject({ kind: 'direct', state: 'up' });
  });

  it('goes on over the relay within half a second when the direct path dies, and comes back', async () => {
    const world = await direct();
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    await world.network.run(2000);
    world.losesDatagrams = true;
    const fromMs = world.clock.nowMs();
    await world.network.run(5000);
    expect(world.kind).toBe('relay');
    expect(world.longestGap(fromMs)).toBeLessThanOrEqual(500);
    world.losesDatagrams = false;
    await world.network.runUntil(() => world.kind === 'direct', 70_000);
    await world.network.run(3000);
    expect(world.broken).toBe(false);
    expect(world.sessions).toBe(1);
    expect(world.received).toBeGreaterThan(world.sent - 5 * FRAME_BYTES);
  });

  it('survives a move from Wi-Fi to 4G and back: the same session, no byte lost', async () => {
    const world = await direct();
    const wifi = world.viewerHost.access!;
    const cell = world.network.addAccess({
      nat: 'port-restricted',
      up: { delayMs: 40 },
      down: { delayMs: 40 },
      type: 'cellular',
    });
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    await world.network.run(1000);
    for (const access of [cell, wifi]) {
      const fromMs = world.clock.nowMs();
      world.viewerHost.moveTo(access);
      await world.network.run(10_000);
      expect(world.longestGap(fromMs)).toBeLessThanOrEqual(600);
      expect(world.kind).toBe('direct');
    }
    expect(world.broken).toBe(false);
    expect(world.sessions).toBe(1);
    expect(world.received).toBeGreaterThan(world.sent - 5 * FRAME_BYTES);
  });

  it('is direct again soon when the viewer moves right after it came, NATs on all sides', async () => {
    const cone = { nat: 'port-restricted', ...HOME } as const;
    const world = await new World(cone, cone).start();
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    world.viewerHost.moveTo(world.network.addAccess({ ...cone, type: 'cellular' }));
    const moved = world.paths.length;
    await world.network.run(1500);
    expect(world.paths.slice(moved).map(({ kind }) => kind)).toEqual(['relay', 'direct']);
    expect(world.sessions).toBe(1);
  });

  it('survives a move where there is nothing but the relay', async () => {
    const blocked = { nat: 'udp-blocked', ...HOME } as const;
    const world = await new World({ nat: 'none', ...HOME }, blocked).start();
    await world.network.run(5000);
    const fromMs = world.clock.nowMs();
    world.viewerHost.moveTo(world.network.addAccess(blocked));
    await world.network.run(3000);
    expect(world.longestGap(fromMs)).toBeLessThanOrEqual(500);
    expect(world.sessions).toBe(1);
    expect(world.received).toBeGreaterThan(world.sent - 5 * FRAME_BYTES);
  });

  it('survives a NAT that forgets its mappings', async () => {
    const world = await direct();
    await world.network.runUntil(() => world.kind === 'direct', 3000);
    await world.network.run(1000);
    const fromMs = world.clock.nowMs();
    world.viewerHost.access!.nat.rebind();
    await world.network.run(10_000);
    const chosen = world.log.entries().map(({ event }) => event);
    expect(chosen).toContainEqual(
      expect.objectContaining({ name: 'connectivity:path_chosen', trigger: 'better-tier' }),
    );
    expect(world.longestGap(fromMs)).toBeLessThanOrEqual(600);
    expect(world.kind).toBe('direct');
    expect(world.sessions).toBe(1);
  });
});
