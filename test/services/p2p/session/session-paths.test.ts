import {
  Acceptor,
  keyPairOf,
  PathTier,
  Session,
  StreamPriority,
} from '../../../../services/p2p/session';
import type { Route, SessionObserver, Stream } from '../../../../services/p2p/session';
import { SeededRandom } from '../../../net/seeded-random';
import { VirtualClock } from '../../../net/virtual-clock';

const RELAY: Route = 0;
const DIRECT: Route = 1;
const ONE_WAY_MS = 20;

interface Sent {
  readonly atMs: number;
  readonly route: Route;
  readonly bytes: number;
}

/** One side of a session, and what it has sent by which route. */
class Side {
  session!: Session;
  readonly sent: Sent[] = [];
  readonly streams: Stream[] = [];
  /** Where the other side gets a packet that is sent by this route; null loses it. */
  carry: (route: Route) => Route | null = (route) => route;
  private flushScheduled = false;
  private cancelTimer: () => void = () => undefined;

  constructor(
    private readonly clock: VirtualClock,
    private readonly other: () => Side,
    paths: Partial<SessionObserver> = {},
  ) {
    this.observer = {
      onConnected: () => undefined,
      onStream: (stream) => this.streams.push(stream),
      onClosed: () => undefined,
      onWake: () => this.flushSoon(),
      ...paths,
    };
  }

  readonly observer: SessionObserver;

  sentBy(route: Route, sinceMs = 0): Sent[] {
    return this.sent.filter((one) => one.route === route && one.atMs >= sinceMs);
  }

  flush(): void {
    const { clock, session } = this;
    for (;;) {
      const packet = session.nextPacket(clock.nowMs());
      if (packet === null) break;
      this.sent.push({ atMs: clock.nowMs(), route: packet.route, bytes: packet.bytes.length });
      const route = this.carry(packet.route);
      if (route === null) continue;
      clock.setTimer(ONE_WAY_MS, () => this.other().receive(packet.bytes, route));
    }
    this.cancelTimer();
    const due = session.nextTimeoutMs(clock.nowMs());
    if (due === null) return;
    this.cancelTimer = clock.setTimer(Math.max(0, due - clock.nowMs()), () => {
      session.onTimeout(clock.nowMs());
      this.flush();
    });
  }

  private receive(packet: Uint8Array, route: Route): void {
    this.session.receive(packet, route, this.clock.nowMs());
    this.flush();
  }

  private flushSoon(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    this.clock.setTimer(0, () => {
      this.flushScheduled = false;
      this.flush();
    });
  }
}

/** A camera and a viewer that have a relay between them, and may have more. */
class World {
  readonly clock = new VirtualClock();
  readonly viewer: Side = new Side(this.clock, () => this.camera);
  readonly camera: Side;
  received = 0;
  private readonly random = new SeededRandom(1);

  constructor(cameraObserver: Partial<SessionObserver> = {}) {
    const { clock, random } = this;
    this.camera = new Side(clock, () => this.viewer, cameraObserver);
    const accessSecret = random.bytes(16);
    const cameraKey = keyPairOf(random.bytes(32));
    const acceptor = new Acceptor({
      random,
      staticKey: cameraKey,
      accessSecret,
      // Long before: what comes in the first seconds is asked to come again.
      startedAtMs: clock.wallMs() - 60_000,
    });
    this.viewer.session = Session.connect({
      random,
      observer: this.viewer.observer,
      route: RELAY,
      staticKey: keyPairOf(random.bytes(32)),
      cameraKey: cameraKey.publicKey,
      accessSecret,
      localConnectionId: random.bytes(8),
      nowMs: clock.nowMs(),
      wallMs: () => clock.wallMs(),
    });
    const first = this.viewer.session.nextPacket(clock.nowMs())!;
    const accepted = acceptor.accept(first.bytes, clock.wallMs(), true);
    if (accepted.kind !== 'accepted') throw new Error(accepted.kind);
    this.camera.session = Session.accept(
      { random, observer: this.camera.observer, route: RELAY },
      accepted,
      clock.nowMs(),
    );
    this.camera.session.start(accepted, clock.nowMs());
    this.viewer.session.receive(accepted.response, RELAY, clock.nowMs());
    this.viewer.flush();
    clock.advance(100);
  }

  /** The camera sends 100 kB every 100 ms from now on. */
  stream(): void {
    const request = this.viewer.session.openStream(StreamPriority.Live, false)!;
    request.onData = (bytes) => {
      this.received += bytes.length;
    };
    request.write(Uint8Array.of(1));
    this.clock.runUntil(() => this.camera.streams.length > 0, 1000);
    const send = (): void => {
      this.camera.streams[0]!.write(new Uint8Array(10_000));
      this.clock.setTimer(100, send);
    };
    send();
  }

  openDirect(): void {
    this.viewer.session.openPath(DIRECT, PathTier.Direct, this.clock.nowMs());
    this.viewer.flush();
  }

  advanceUntil(done: () => boolean, withinMs: number): number {
    const startedMs = this.clock.nowMs();
    this.clock.runUntil(done, withinMs);
    return this.clock.nowMs() - startedMs;
  }
}

const bytesOf = (sent: readonly Sent[]) => sent.reduce((sum, { bytes }) => sum + bytes, 0);

describe('a path that the peer opens', () => {
  it('carries data once its address has answered', () => {
    const world = new World();
    world.stream();
    world.openDirect();
    world.clock.runUntil(() => world.camera.session.activePath.route === DIRECT, 1000);
    const fromMs = world.clock.nowMs();
    world.clock.advance(1000);
    expect(bytesOf(world.camera.sentBy(DIRECT, fromMs))).toBeGreaterThan(90_000);
  });

  it('gets no data before: a forged address is no target', () => {
    const world = new World();
    // Nothing comes back from there: whoever has this address is not our viewer.
    world.camera.carry = (route) => (route === DIRECT ? null : route);
    world.stream();
    world.openDirect();
    world.clock.advance(9000);
    expect(world.camera.session.activePath.route).toBe(RELAY);
    // Challenges are as large as packets; acknowledgements are small.
    const packets = world.viewer.sentBy(DIRECT).length;
    expect(packets).toBeGreaterThan(0);
    expect(bytesOf(world.camera.sentBy(DIRECT))).toBeLessThan(packets * 1300);
    expect(world.received).toBeGreaterThan(800_000);
  });

  it('is not asked more often than fifty times a second, wherever its packets come from', () => {
    const world = new World();
    world.stream();
    world.openDirect();
    world.clock.runUntil(() => world.camera.session.activePath.route === DIRECT, 1000);
    let forged = 100;
    world.viewer.carry = (route) => (route === DIRECT ? forged++ : route);
    world.camera.carry = (route) => (route >= 100 ? null : route);
    const fromMs = world.clock.nowMs();
    for (let i = 0; i < 500; i++) {
      world.viewer.session.ping();
      world.clock.advance(2);
    }
    const strangers = world.camera.sent.filter(({ route, atMs }) => route >= 100 && atMs >= fromMs);
    expect(forged).toBeGreaterThan(200);
    expect(strangers.length).toBeLessThanOrEqual(51);
  });
});

describe('a session that moves', () => {
  it('sends again what it sent into the void, as soon as the relay is back', () => {
    const world = new World();
    const { viewer, camera, clock } = world;
    world.openDirect();
    clock.advance(500);
    viewer.carry = () => null;
    viewer.session.setRouteUsable(RELAY, false, clock.nowMs());
    viewer.session.onNetworkChanged(clock.nowMs());
    viewer.flush();
    const addresses = [1, 2, 3, 4].map((last) => ({ ip: Uint8Array.of(192, 0, 2, last), port: 1 }));
    for (let count = 1; count <= addresses.length; count++) {
      viewer.session.setAddresses(addresses.slice(0, count));
      clock.advance(10);
    }
    viewer.carry = (route) => (route === DIRECT ? null : route);
    viewer.session.setRouteUsable(RELAY, true, clock.nowMs());
    const tookMs = world.advanceUntil(() => camera.session.peerAddresses.length === 4, 5000);
    expect(tookMs).toBeLessThanOrEqual(ONE_WAY_MS + 1);
  });

  it('gets at once what was lost with its old connection to the relay', () => {
    const world = new World();
    const { viewer, camera, clock } = world;
    world.stream();
    clock.advance(1000);
    camera.carry = () => null;
    clock.advance(900);
    camera.carry = (route) => route;
    const { received } = world;
    // As an endpoint does that has dialled anew.
    viewer.session.probe(RELAY, true, clock.nowMs());
    const tookMs = world.advanceUntil(() => world.received > received + 50_000, 5000);
    expect(tookMs).toBeLessThanOrEqual(4 * ONE_WAY_MS + 5);
  });

  it('does not count a path as recovered that its peer has given up', () => {
    const world = new World();
    const { viewer, camera, clock } = world;
    world.openDirect();
    clock.runUntil(() => camera.session.activePath.route === DIRECT, 1000);
    // The viewer hears nothing for so long that it drops the path; the camera keeps it.
    const lose = (route: Route) => (route === DIRECT ? null : route);
    viewer.carry = lose;
    camera.carry = lose;
    viewer.session.onNetworkChanged(clock.nowMs());
    viewer.flush();
    clock.advance(5000);
    camera.session.onNetworkChanged(clock.nowMs());
    camera.flush();
    clock.advance(6000);
    viewer.carry = (route) => route;
    camera.carry = (route) => route;
    camera.session.probe(DIRECT, true, clock.nowMs());
    camera.flush();
    clock.advance(200);
    expect(camera.session.activePath.route).toBe(RELAY);
  });
});
