import type { Host } from '../../../../services/host';
import { CameraEndpoint, Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection, PeerAddress } from '../../../../services/p2p/endpoint';
import { formatStunUrl } from '../../../../services/p2p/nat';
import type { NatProbeResult } from '../../../../services/p2p/nat';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualNetwork } from '../../../net/virtual-network';
import { addStunServers } from '../../../net/virtual-stun';

const SECRET = new Uint8Array(16).fill(7);
const LINGER_MS = 5000;

/** What an endpoint holds of its machine. */
class Holdings {
  sockets = 0;
  /** Sockets that were ever opened. */
  opened = 0;
  listeners = 0;
  readonly host: Host;

  constructor(host: Host) {
    const { openUdpSocket, network } = host;
    this.host = {
      ...host,
      openUdpSocket: (family, events) => {
        this.sockets++;
        this.opened++;
        const socket = openUdpSocket!(family, {
          ...events,
          onError: (detail) => {
            this.sockets--;
            events.onError(detail);
          },
        });
        return {
          family,
          send: (packet, to) => socket.send(packet, to),
          close: () => {
            this.sockets--;
            socket.close();
          },
          get localPort() {
            return socket.localPort;
          },
        };
      },
      network: {
        localAddresses: () => network!.localAddresses(),
        subscribe: (listener) => {
          this.listeners++;
          const stop = network!.subscribe(listener);
          return () => {
            this.listeners--;
            stop();
          };
        },
      },
    };
  }

  get all(): readonly [sockets: number, listeners: number] {
    return [this.sockets, this.listeners];
  }
}

class World {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock, 5);
  readonly relay = this.network.addRelay({ delayMs: 10 });
  readonly stunServers = addStunServers(this.network).ipv4.map(formatStunUrl);
  readonly phone = this.network.addHost({ access: { nat: 'port-restricted' } });
  readonly held = new Holdings(this.phone.createHost());
  readonly probes: NatProbeResult[] = [];
  natChanges = 0;
  readonly viewer = new Endpoint(this.held.host, {
    stunServers: this.stunServers,
    natEvents: {
      onNatProbed: (result) => void this.probes.push(result),
      onNatChanged: () => void this.natChanges++,
    },
  });
  readonly camera = new CameraEndpoint(this.network.addHost().createHost(), {
    stunServers: this.stunServers,
  });

  constructor() {
    this.camera.listen({
      relayUrl: this.relay.url,
      accessSecret: SECRET,
      onRequest: (_, response) => response.writeHead(200),
    });
  }

  get address(): PeerAddress {
    return {
      publicKey: this.camera.publicKey,
      accessSecret: SECRET,
      relayUrl: this.relay.url,
    };
  }

  /** Connects, and waits for a way past the relay. */
  async connect(): Promise<Connection> {
    const connection = this.viewer.connect(this.address, {
      onConnected: () => undefined,
      onPath: () => undefined,
      onClosed: () => undefined,
    });
    await this.network.runUntil(() => connection.path.kind !== 'relay', 10_000);
    return connection;
  }
}

describe('an endpoint that nobody uses', () => {
  it('gives up its sockets and listeners when the last connection has ended', async () => {
    const world = new World();
    await world.network.run(500);
    const first = await world.connect();
    const second = await world.connect();
    expect(world.held.all).toEqual([2, 1]);
    first.close();
    await world.network.run(3 * LINGER_MS);
    expect(world.held.all).toEqual([2, 1]);
    second.close();
    second.close();
    await world.network.run(LINGER_MS - 100);
    expect(world.held.all).toEqual([2, 1]);
    await world.network.run(200);
    expect(world.held.all).toEqual([0, 0]);
  });

  it('finds its sockets again on the next page, without a new probe', async () => {
    const world = new World();
    await world.network.run(500);
    const connection = await world.connect();
    await world.network.runUntil(() => world.probes.length > 0, LINGER_MS);
    connection.close();
    await world.network.run(1000);
    const probes = world.probes.length;
    await world.connect();
    await world.network.run(3 * LINGER_MS);
    expect(world.held.all).toEqual([2, 1]);
    expect(world.held.opened).toBe(2);
    expect(world.probes.length).toBe(probes);
  });

  it('opens them anew with the next connection, which finds a direct way as the first did', async () => {
    const world = new World();
    await world.network.run(500);
    for (let run = 1; run <= 3; run++) {
      const connection = await world.connect();
      expect(world.held.opened).toBe(2 * run);
      connection.close();
      await world.network.run(2 * LINGER_MS);
      expect(world.held.all).toEqual([0, 0]);
    }
    // The NAT is the same one, whatever ports it has given.
    expect(world.natChanges).toBe(0);
  });

  it('gives up what it opened for a camera that cannot be reached', async () => {
    const world = new World();
    await world.network.run(500);
    const nobody = { ...world.address, publicKey: new Uint8Array(32).fill(9) };
    let closed = false;
    world.viewer.connect(nobody, {
      onConnected: () => undefined,
      onPath: () => undefined,
      onClosed: () => (closed = true),
    });
    await world.network.runUntil(() => closed, 15_000);
    await world.network.run(2 * LINGER_MS);
    expect(world.held.all).toEqual([0, 0]);
    expect(() =>
      world.viewer.connect({ ...world.address, relayUrl: 'http://no-relay' }, {} as never),
    ).toThrow(RangeError);
    await world.network.run(2 * LINGER_MS);
    expect(world.held.all).toEqual([0, 0]);
  });

  it('ends the probe that it was opened for before it closes', async () => {
    const world = new World();
    world.viewer.open();
    await world.network.run(2 * LINGER_MS);
    expect(world.probes.length).toBeGreaterThan(0);
    expect(world.held.all).toEqual([0, 0]);
    const probes = world.probes.length;
    world.viewer.renew();
    await world.network.run(2 * LINGER_MS);
    expect(world.probes.length).toBeGreaterThan(probes);
    expect(world.held.all).toEqual([0, 0]);
  });

  it('opens no socket again that had failed just before', async () => {
    const world = new World();
    await world.network.run(500);
    const connection = await world.connect();
    connection.close();
    await world.network.run(LINGER_MS - 500);
    world.phone.moveTo(world.phone.access, { udpSockets: 'error' });
    await world.network.run(3 * LINGER_MS);
    expect(world.held.all).toEqual([0, 0]);
  });

  it('keeps a camera’s for as long as it listens', async () => {
    const world = new World();
    const held = new Holdings(world.network.addHost().createHost());
    const camera = new CameraEndpoint(held.host);
    const listener = camera.listen({
      relayUrl: world.relay.url,
      accessSecret: SECRET,
      onRequest: () => undefined,
    });
    await world.network.run(60_000);
    expect(held.all).toEqual([2, 1]);
    listener.close();
    await world.network.run(2 * LINGER_MS);
    expect(held.all).toEqual([0, 0]);
  });
});
