import { Acceptor, isOneRtt, keyPairOf, PacketType, Session } from '../../services/p2p/session';
import type { SessionClose, Stream } from '../../services/p2p/session';
import { ImpairedLink } from './impaired-link';
import type { Impairment } from './impaired-link';
import { SeededRandom } from './seeded-random';
import { VirtualClock } from './virtual-clock';

export interface PairOptions {
  readonly seed?: number;
  /** Viewer to camera. */
  readonly up?: Impairment;
  /** Camera to viewer. */
  readonly down?: Impairment;
  /** How far the viewer's wall clock is ahead of the camera's, ms. */
  readonly viewerClockOffsetMs?: number;
  readonly viewerSecret?: Uint8Array;
}

/** More packets than flow control lets leave at one time. */
const MAX_BURST = 10_000;

/** Moves a session's packets and timers, as an endpoint does. */
class Driver {
  session: Session | null = null;
  close: SessionClose | null = null;
  connected = 0;
  readonly streams: Stream[] = [];
  onStream: (stream: Stream) => void = () => undefined;
  private readonly clock: VirtualClock;
  private readonly send: (packet: Uint8Array) => void;
  private cancelTimer: () => void = () => undefined;
  private flushScheduled = false;

  constructor(clock: VirtualClock, send: (packet: Uint8Array) => void) {
    this.clock = clock;
    this.send = send;
  }

  readonly observer = {
    onConnected: () => {
      this.connected++;
    },
    onStream: (stream: Stream) => {
      this.streams.push(stream);
      this.onStream(stream);
    },
    onClosed: (close: SessionClose) => {
      this.close = close;
    },
    onWake: () => {
      if (this.flushScheduled) return;
      this.flushScheduled = true;
      this.clock.setTimer(0, () => {
        this.flushScheduled = false;
        this.flush();
      });
    },
  };

  receive(packet: Uint8Array): void {
    this.session?.receive(packet, 0, this.clock.nowMs());
    this.flush();
  }

  flush(): void {
    const { session } = this;
    if (session === null) return;
    for (let count = 0; ; count++) {
      const packet = session.nextPacket(this.clock.nowMs());
      if (packet === null) break;
      if (count > MAX_BURST) throw new Error('the session does not stop sending');
      this.send(packet.bytes);
    }
    this.cancelTimer();
    const due = session.nextTimeoutMs(this.clock.nowMs());
    if (due === null) return;
    this.cancelTimer = this.clock.setTimer(due - this.clock.nowMs(), () => {
      session.onTimeout(this.clock.nowMs());
      this.flush();
    });
  }
}

/** A viewer and a camera on a simulated path, in virtual time. */
export class SessionPair {
  readonly clock = new VirtualClock();
  readonly random: SeededRandom;
  readonly up: ImpairedLink;
  readonly down: ImpairedLink;
  readonly viewer: Driver;
  readonly camera: Driver;
  readonly acceptor: Acceptor;
  readonly cameraKey;
  /** Everything the viewer sent, for attacks. */
  readonly captured: Uint8Array[] = [];

  constructor(options: PairOptions = {}) {
    const { clock } = this;
    this.random = new SeededRandom(options.seed ?? 1);
    const secret = this.random.bytes(16);
    this.cameraKey = keyPairOf(this.random.bytes(32));
    this.acceptor = new Acceptor({
      random: this.random,
      staticKey: this.cameraKey,
      accessSecret: secret,
      // Long before: what comes in the first seconds is asked to come again.
      startedAtMs: clock.wallMs() - 60_000,
    });
    this.up = new ImpairedLink(clock, this.random, options.up ?? {}, (packet) =>
      this.onCameraPacket(packet),
    );
    this.down = new ImpairedLink(clock, this.random, options.down ?? {}, (packet) =>
      this.viewer.receive(packet),
    );
    this.viewer = new Driver(clock, (packet) => {
      this.captured.push(packet);
      this.up.send(packet);
    });
    this.camera = new Driver(clock, (packet) => this.down.send(packet));
    this.viewer.session = Session.connect({
      random: this.random,
      observer: this.viewer.observer,
      route: 0,
      staticKey: keyPairOf(this.random.bytes(32)),
      cameraKey: this.cameraKey.publicKey,
      accessSecret: options.viewerSecret ?? secret,
      localConnectionId: this.random.bytes(8),
      nowMs: clock.nowMs(),
      wallMs: () => clock.wallMs() + (options.viewerClockOffsetMs ?? 0),
    });
  }

  start(): void {
    this.viewer.flush();
  }

  onCameraPacket(packet: Uint8Array): void {
    if (packet[0] !== PacketType.Initial) {
      if (isOneRtt(packet[0])) this.camera.receive(packet);
      return;
    }
    const { camera, clock } = this;
    const result = this.acceptor.accept(packet, clock.wallMs(), camera.session === null);
    if (result.kind === 'refused') this.down.send(result.packet);
    if (result.kind === 'repeated') this.down.send(result.response);
    if (result.kind !== 'accepted') return;
    this.down.send(result.response);
    camera.session = Session.accept(
      { random: this.random, observer: camera.observer, route: 0 },
      result,
      clock.nowMs(),
    );
    camera.session.start(result, clock.nowMs());
    camera.flush();
  }
}
