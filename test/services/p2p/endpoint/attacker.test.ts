import type { SocketAddress } from '../../../../services/host';
import { CameraEndpoint, Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection } from '../../../../services/p2p/endpoint';
import type { ResponseWriter } from '../../../../services/p2p/http';
import { keyPairOf, PacketType, StreamPriority } from '../../../../services/p2p/session';
import type { Session } from '../../../../services/p2p/session';
import { CameraListener } from '../../../../services/p2p/endpoint/camera-listener';
import type { RelayPool } from '../../../../services/p2p/endpoint/relay-pool';
import { retained } from '../../../fuzz/retained';
import { addressKey } from '../../../net/datagram';
import { PathAttacker } from '../../../net/path-attacker';
import { SeededRandom } from '../../../net/seeded-random';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualNetwork } from '../../../net/virtual-network';
import type { VirtualRelay } from '../../../net/virtual-relay';

// Minutes of video and thousands of sealed probes: on a busy machine that takes a while.
jest.setTimeout(30_000);

const SECRET = new Uint8Array(16).fill(7);
const FRAME_BYTES = 10_000;
const FRAME_MS = 40;
const VICTIM = { address: '198.51.100.7', port: 53 };
/** Header, tag and the frame of a probe to an address that has not answered. */
const SMALL_PROBE_BYTES = 38;

/** A camera that streams to a viewer, with an attacker at the camera's network card. */
class World {
  readonly clock = new VirtualClock();
  readonly network = new VirtualNetwork(this.clock, 9);
  readonly relay: VirtualRelay = this.network.addRelay({ delayMs: 10 });
  readonly attacker = new PathAttacker();
  connection!: Connection;
  /** The address that the camera sees the viewer at. */
  viewer: SocketAddress | null = null;
  received = 0;
  lastByteMs = 0;
  longestGapMs = 0;
  broken = false;
  streams = true;
  private sent = 0;
  private response: ResponseWriter | null = null;

  async start(): Promise<this> {
    const cameraHost = this.network.addHost({ access: { nat: 'none' } });
    const camera = new CameraEndpoint(this.attacker.tap(cameraHost.createHost()));
    camera.listen({
      relayUrl: this.relay.url,
      accessSecret: SECRET,
      onRequest: (_, response) => {
        this.response = response;
        response.writeHead(200);
      },
    });
    await this.network.run(500);
    const viewerHost = this.network.addHost({ access: { nat: 'port-restricted' } });
    this.connection = new Endpoint(viewerHost.createHost()).connect(
      { publicKey: camera.publicKey, accessSecret: SECRET, relayUrl: this.relay.url },
      {
        onConnected: () => undefined,
        onPath: () => undefined,
        onClosed: () => {
          this.broken = true;
        },
      },
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

  async direct(): Promise<this> {
    await this.network.runUntil(() => this.kind === 'direct', 5000);
    await this.network.run(1000);
    this.longestGapMs = 0;
    return this;
  }

  get kind(): string {
    return this.connection.path.kind;
  }

  /** Bytes of the stream that have not arrived. */
  get missing(): number {
    return this.sent - this.received;
  }

  /** The viewer's session, for a viewer that is hostile. */
  asViewer(work: (session: Session) => void): void {
    const { runner } = this.connection as unknown as {
      runner: { run(call: (session: Session) => void): void };
    };
    runner.run(work);
  }

  /** From now on a copy of each of the viewer's packets arrives first, from another address. */
  copyFrom(address: SocketAddress, wanted: (packet: Uint8Array) => boolean = () => true): void {
    this.attacker.onArriving = (packet, from) => {
      this.viewer = from;
      if (wanted(packet)) this.attacker.inject(packet, address);
      return true;
    };
  }

  private stream(): void {
    this.clock.setTimer(FRAME_MS, () => {
      if (this.streams && this.response !== null && this.response.bufferedBytes() < 1_000_000) {
        this.sent += FRAME_BYTES;
        this.response.write(new Uint8Array(FRAME_BYTES));
      }
      this.stream();
    });
  }

  private onData(bytes: Uint8Array): void {
    const nowMs = this.clock.nowMs();
    this.longestGapMs = Math.max(this.longestGapMs, nowMs - this.lastByteMs);
    this.lastByteMs = nowMs;
    this.received += bytes.length;
  }
}

describe('an attacker on the path', () => {
  it('moves no data to a victim by copying packets from its address', async () => {
    const world = await (await new World().start()).direct();
    world.copyFrom(VICTIM);
    await world.network.run(8000);
    const { received, receivedBytes, sent, sentBytes, heads } = world.attacker.of(VICTIM);
    expect(received).toBeGreaterThan(50);
    expect(sent).toBeGreaterThan(0);
    expect(sentBytes).toBeLessThanOrEqual(3 * receivedBytes);
    // Probes have a connection id of their own; no path's packet ever went there, but ACKs of new ones.
    expect(heads.size).toBeLessThan(8);
    expect(sentBytes).toBeLessThan(0.02 * world.received);
    expect(world.broken).toBe(false);
    expect(world.missing).toBeLessThan(5 * FRAME_BYTES);
    expect(world.longestGapMs).toBeLessThan(1000);
    world.attacker.onArriving = () => true;
    await world.network.runUntil(() => world.kind === 'direct', 70_000);
  });

  it('sends a victim nothing but probes when it copies one packet', async () => {
    const world = await (await new World().start()).direct();
    let copies = 1;
    world.copyFrom(VICTIM, () => copies-- > 0);
    await world.network.run(10_000);
    const { received, receivedBytes, sentBytes, heads } = world.attacker.of(VICTIM);
    expect(received).toBe(1);
    expect(heads.size).toBe(1);
    expect(sentBytes).toBeLessThanOrEqual(3 * receivedBytes);
    expect(world.kind).toBe('direct');
  });

  it('opens no path to a victim by being faster with the first packets of a new one', async () => {
    const world = await new World().start();
    world.copyFrom(VICTIM, (packet) => packet[0] === PacketType.OneRtt);
    await world.network.run(12_000);
    const { receivedBytes, sentBytes } = world.attacker.of(VICTIM);
    expect(receivedBytes).toBeGreaterThan(0);
    expect(sentBytes).toBeLessThanOrEqual(3 * receivedBytes);
    expect(world.broken).toBe(false);
    expect(world.missing).toBeLessThan(5 * FRAME_BYTES);
  });

  it('gets no more than it gives by copying a single probe from many addresses', async () => {
    const world = await new World().start();
    const victims = Array.from({ length: 100 }, (_, at) => ({ ...VICTIM, port: 1000 + at }));
    let copied = false;
    world.attacker.onArriving = (packet) => {
      if (copied || packet[0] !== PacketType.OneRtt) return true;
      copied = true;
      for (const victim of victims) world.attacker.inject(packet, victim);
      return true;
    };
    await world.network.run(15_000);
    expect(copied).toBe(true);
    for (const victim of victims) {
      const { receivedBytes, sentBytes } = world.attacker.of(victim);
      expect(sentBytes).toBeLessThanOrEqual(3 * receivedBytes);
    }
  });

  it('gets no answer to a message 1, whole or forged, that comes by UDP', async () => {
    const world = await (await new World().start()).direct();
    for (const type of [0, 1, 2, 3, 5, 6, 255]) {
      world.attacker.inject(new Uint8Array(1200).fill(7).fill(type, 0, 1), VICTIM);
    }
    await world.network.run(1000);
    expect(world.attacker.of(VICTIM).sent).toBe(0);
  });

  it('ends nothing with a forged close, reset, refusal or version', async () => {
    const world = await (await new World().start()).direct();
    const heads: Uint8Array[] = [];
    world.attacker.onArriving = (packet, from) => {
      world.viewer = from;
      heads.push(packet.slice(0, 13));
      return true;
    };
    await world.network.run(1000);
    for (const head of heads) {
      for (let type = 0; type < 256; type++) {
        for (const length of [13, 25, 60]) {
          const forged = new Uint8Array(length).fill(0x1c);
          forged.set(head);
          forged[0] = type;
          world.attacker.inject(forged, world.viewer!);
        }
      }
    }
    await world.network.run(2000);
    expect(world.broken).toBe(false);
    expect(world.kind).toBe('direct');
    expect(world.longestGapMs).toBeLessThan(200);
  });

  it('leaves the session alive when it forwards all, faster than the path, and stops, and does so again', async () => {
    const world = await (await new World().start()).direct();
    const relayed = { address: '198.51.100.9', port: 4000 };
    let active = false;
    // Both ways: what the camera sends to the attacker reaches the viewer, answers to probes come back.
    world.attacker.onArriving = (packet, from) => {
      world.viewer = from;
      if (active) world.attacker.inject(packet, relayed);
      return true;
    };
    const cameraSends: { packet: Uint8Array; to: SocketAddress }[] = [];
    world.attacker.onLeaving = (packet, to) => {
      if (addressKey(to) === addressKey(relayed)) cameraSends.push({ packet, to });
      return true;
    };
    for (let turn = 0; turn < 20; turn++) {
      active = turn % 2 === 0;
      await world.network.run(500);
    }
    active = false;
    expect(cameraSends.length).toBeGreaterThan(0);
    expect(world.broken).toBe(false);
    expect(world.longestGapMs).toBeLessThan(1000);
    await world.network.runUntil(() => world.kind === 'direct', 70_000);
    await world.network.run(3000);
    expect(world.missing).toBeLessThan(5 * FRAME_BYTES);
  });

  it('makes the camera forget no viewer by sending from thousands of addresses', async () => {
    const world = await (await new World().start()).direct();
    let last: Uint8Array = new Uint8Array(0);
    world.attacker.onArriving = (packet, from) => {
      world.viewer = from;
      last = packet.slice();
      return true;
    };
    await world.network.run(200);
    const before = world.attacker.of(world.viewer!).sentBytes;
    for (let at = 0; at < 5000; at++) {
      world.attacker.inject(last, { address: `198.51.${at >> 8}.${at & 255}`, port: 9 });
    }
    await world.network.run(2000);
    expect(world.kind).toBe('direct');
    expect(world.longestGapMs).toBeLessThan(200);
    expect(world.attacker.of(world.viewer!).sentBytes).toBeGreaterThan(before + 200_000);
  });
});

describe('a hostile viewer', () => {
  it('can have no more than small probes, few of them, sent to the addresses it announces', async () => {
    const world = await new World().start();
    // Kept off the direct path, so that the camera goes on looking.
    world.attacker.onArriving = () => false;
    world.streams = false;
    const victims = Array.from({ length: 4000 }, (_, at) => ({ ...VICTIM, port: 1000 + at }));
    const all = victims.map((victim) => world.attacker.of(victim));
    const sentBytes = () => all.reduce((sum, one) => sum + one.sentBytes, 0);
    const ip = Uint8Array.of(198, 51, 100, 7);
    let at = 0;
    const announceFor = async (seconds: number) => {
      for (let tick = 0; tick < seconds * 10; tick++) {
        world.asViewer((session) => {
          // A few at a time: a stream of new addresses, and a wish to punch with each.
          const ports = Array.from({ length: 6 }, () => victims[at++ % victims.length]!.port);
          session.setAddresses(ports.map((port) => ({ ip, port })));
          session.requestPunch();
        });
        await world.network.run(100);
      }
    };
    // 32 addresses, 72 probes to each in a round.
    const roundBytes = 32 * 72 * SMALL_PROBE_BYTES;
    await announceFor(15);
    const burst = sentBytes();
    expect(burst).toBeLessThanOrEqual(6 * roundBytes);
    // Then a round each 10 s.
    await announceFor(30);
    expect(sentBytes() - burst).toBeGreaterThan(0);
    expect(sentBytes() - burst).toBeLessThanOrEqual(4 * roundBytes);
    expect(Math.max(...all.map(({ largestSent }) => largestSent))).toBe(SMALL_PROBE_BYTES);
    expect(world.broken).toBe(false);
  });
});

describe('a flood of first messages', () => {
  it('costs a camera a bounded number of Diffie-Hellman operations, and no memory', () => {
    const clock = new VirtualClock();
    const seeded = new SeededRandom(1);
    const keys = { made: 0 };
    const random = {
      bytes: (length: number) => {
        // A key for each message 1 that is looked into.
        if (length === 32) keys.made++;
        return seeded.bytes(length);
      },
    };
    const sent: Uint8Array[] = [];
    const client = {
      ready: true,
      writable: true,
      send: (_key: Uint8Array, packet: Uint8Array) => sent.push(packet),
    };
    const listener = new CameraListener({
      host: { clock, random, storage: { get: () => null, set: () => undefined } },
      relays: { join: () => ({ client, release: () => undefined }) } as unknown as RelayPool,
      network: null,
      staticKey: keyPairOf(new Uint8Array(32).fill(3)),
      accessSecret: SECRET,
      relayUrl: 'ws://relay.example/relay',
      onRequest: () => undefined,
      onEnd: () => undefined,
      onInternalError: (error) => {
        throw error;
      },
    });
    const held = retained(listener).entries;
    const seconds = 5;
    const perSecond = 1000;
    for (let at = 0; at < seconds * perSecond; at++) {
      const packet = new Uint8Array(1200).fill(1, 0, 1);
      packet.set(seeded.bytes(150), 1);
      listener.onPacket(seeded.bytes(32), packet);
      clock.advance(1000 / perSecond);
    }
    expect(keys.made).toBeGreaterThan(0);
    expect(keys.made).toBeLessThanOrEqual(50 * (seconds + 1));
    expect(sent).toEqual([]);
    expect(retained(listener).entries).toBe(held);
  });
});
