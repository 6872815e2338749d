import type { Random } from '../../services/host';
import { serveStream } from '../../services/p2p/http';
import { keyPairOf, Session, StreamPriority } from '../../services/p2p/session';
import type { SessionClose, Stream } from '../../services/p2p/session';
import { ConnectionIds } from '../../services/p2p/session/connection-ids';
import type { TrafficKeys } from '../../services/p2p/session/noise';
import {
  buildPacket,
  packetNumberOf,
  PacketProtector,
  PacketType,
} from '../../services/p2p/session/packet';
import { PROBE_PATH_ID } from '../../services/p2p/session/probing';
import type { StreamMap } from '../../services/p2p/session/stream-map';
import type { PeerView } from './hostile-frames';
import type { Mutator } from './mutator';

/** More than any window lets out at once. */
const MAX_PACKETS_AT_ONCE = 4000;
const MAX_TIMERS_AT_ONCE = 200;
const ROUTES = 40;
const MAX_PATH_ID = 8;
const KEPT_PACKETS = 64;

export type TargetKind = 'camera' | 'viewer' | 'handshaking';

/** A session under attack, and what its hostile peer holds: all keys. */
export class SessionTarget implements PeerView {
  readonly kind: TargetKind;
  readonly session: Session;
  readonly peerStreams: 0 | 1;
  streamIndex = 0;
  readonly sent = new Map<number, number>();
  close: SessionClose | null = null;
  nowMs = 1000;
  packets = 0;
  private readonly mutator: Mutator;
  private readonly keys: TrafficKeys;
  private readonly sealer: PacketProtector;
  private readonly ids: ConnectionIds;
  private readonly numbers = new Map<number, number>();
  /** Authentic packets of the peer, to be sent again or broken. */
  private readonly kept: Uint8Array[] = [];

  constructor(kind: TargetKind, mutator: Mutator) {
    this.kind = kind;
    this.mutator = mutator;
    const isCamera = kind === 'camera';
    this.peerStreams = isCamera ? 0 : 1;
    const keys = {
      initiatorKey: mutator.bytes(32),
      responderKey: mutator.bytes(32),
      handshakeHash: mutator.bytes(32),
    };
    this.keys = keys;
    const localConnectionId = mutator.bytes(8);
    const remoteConnectionId = mutator.bytes(8);
    this.sealer = new PacketProtector(isCamera ? keys.initiatorKey : keys.responderKey);
    this.ids = new ConnectionIds(keys, isCamera, remoteConnectionId, localConnectionId);
    this.ids.extend(MAX_PATH_ID);
    this.session = isCamera
      ? this.acceptAsCamera(localConnectionId, remoteConnectionId)
      : this.connectAsViewer(localConnectionId);
    if (kind === 'viewer') this.finishHandshake(remoteConnectionId);
    this.drive();
  }

  get streamLimit(): number {
    return (this.session as unknown as { streams: StreamMap }).streams.advertisedLimit;
  }

  /** The path of the peer's next packet; `PROBE_PATH_ID` for a probe. */
  nextPathId(): number {
    const { mutator } = this;
    if (mutator.chance(0.7)) return 0;
    return mutator.chance(0.4) ? PROBE_PATH_ID : mutator.below(MAX_PATH_ID);
  }

  /** Seals frames as the peer would and hands them over. */
  receiveFrames(frames: Uint8Array, pathId: number): void {
    const { mutator } = this;
    const next = this.numbers.get(pathId) ?? (pathId === 0 ? 1 : 0);
    // Packet numbers jump, come late and come again.
    const jump = mutator.chance(0.1) ? mutator.below(600) : 0;
    const number = mutator.chance(0.05) ? mutator.below(next + 1) : next + jump;
    this.numbers.set(pathId, Math.max(next, number + 1));
    const packet = this.sealer.seal(this.ids.remoteOf(pathId), pathId, number, frames);
    if (this.kept.length < KEPT_PACKETS) this.kept.push(packet);
    else this.kept[mutator.below(KEPT_PACKETS)] = packet;
    this.receive(packet);
  }

  /** An authentic packet of an earlier time; null before there is one. */
  earlierPacket(): Uint8Array | null {
    return this.kept.length === 0 ? null : this.mutator.pick(this.kept);
  }

  /** @throws Error for anything that the session may not do, whatever the packet. */
  receive(packet: Uint8Array): void {
    const { mutator, session } = this;
    this.packets++;
    const route = mutator.chance(0.8) ? 0 : mutator.below(ROUTES);
    session.receive(packet, route, this.nowMs);
    session.isResetBy(packet);
    if (mutator.chance(0.3)) this.nowMs += mutator.below(mutator.chance(0.01) ? 12_000 : 30);
    if (mutator.chance(0.02)) this.act();
    this.drive();
  }

  private acceptAsCamera(localConnectionId: Uint8Array, remoteConnectionId: Uint8Array): Session {
    const accepted = {
      kind: 'accepted',
      keys: this.keys,
      peerKey: new Uint8Array(32),
      remoteConnectionId,
      localConnectionId,
      early: new Uint8Array(0),
      response: new Uint8Array(0),
    } as const;
    const session = Session.accept(this.options(), accepted, this.nowMs);
    session.start(accepted, this.nowMs);
    return session;
  }

  private connectAsViewer(localConnectionId: Uint8Array): Session {
    const session = Session.connect({
      ...this.options(),
      staticKey: VIEWER_KEY,
      cameraKey: CAMERA_KEY.publicKey,
      accessSecret: SECRET,
      localConnectionId,
      nowMs: this.nowMs,
      wallMs: () => 1_700_000_000_000 + this.nowMs,
    });
    session.openStream(StreamPriority.Live, true)?.write(new Uint8Array(100));
    return session;
  }

  /** Stands in for the Diffie-Hellman operations, which would take a hundred times as long as a packet. */
  private finishHandshake(remoteConnectionId: Uint8Array): void {
    const message = { connectionId: remoteConnectionId, resetToken: this.mutator.bytes(16) };
    const answer = { onHandshake: () => ({ keys: this.keys, message }) };
    (this.session as unknown as { connecting: unknown }).connecting = answer;
    const { localConnectionId } = this.session;
    const packet = buildPacket(PacketType.Handshake, localConnectionId, new Uint8Array(80));
    this.session.receive(packet, 0, this.nowMs);
  }

  private options() {
    const served = this.mutator.chance(0.5);
    return {
      random: this.mutator as Random,
      route: 0,
      observer: {
        onConnected: () => undefined,
        onStream: (stream: Stream) => {
          if (served) serve(stream);
          else this.use(stream);
        },
        onClosed: (close: SessionClose) => {
          if (this.close !== null) throw new Error('the session ended twice');
          this.close = close;
        },
        onWake: () => undefined,
        onProbeAnswered: (route: number) => this.session.openPath(route, 1, this.nowMs),
        onProbed: (route: number) => this.session.probe(route, false, this.nowMs),
        onPunch: () => this.session.probe(this.mutator.below(ROUTES), true, this.nowMs),
      },
    };
  }

  /** An app that writes, ends and breaks off as chance will have it. */
  private use(stream: Stream): void {
    const { mutator } = this;
    let received = 0;
    stream.onData = (bytes) => {
      received += bytes.length;
      if (mutator.chance(0.1) && stream.bufferedBytes() < 50_000) stream.write(bytes);
      if (mutator.chance(0.01)) stream.end();
      if (mutator.chance(0.01)) stream.reset(received);
      if (mutator.chance(0.01)) stream.stopSending(received);
    };
    stream.onEnd = () => stream.end();
    stream.onReset = (code) => stream.reset(code);
  }

  /** What an endpoint does of its own accord. */
  private act(): void {
    const { mutator, session, nowMs } = this;
    const route = mutator.below(ROUTES);
    const address = { ip: mutator.bytes(4), port: mutator.below(65_536) };
    const acts = [
      () => session.ping(),
      () => session.onNetworkChanged(nowMs),
      () => session.setRouteUsable(route, mutator.chance(0.7), nowMs),
      () => session.setRouteUsable(0, true, nowMs),
      () => session.setAddresses([address]),
      () => session.requestPunch(),
      () => session.probe(route, mutator.chance(0.5), nowMs),
      () => session.openPath(route, 1, nowMs),
      () => session.openStream(StreamPriority.Command, false)?.write(new Uint8Array(3000)),
    ];
    mutator.pick(acts)();
  }

  /** Sends and lets timers fire, as the endpoint does. */
  private drive(): void {
    for (let timers = 0; ; timers++) {
      this.flush();
      const dueMs = this.session.nextTimeoutMs(this.nowMs);
      if (dueMs === null) return;
      if (Number.isNaN(dueMs)) throw new Error('a timer at NaN');
      if (dueMs > this.nowMs) return;
      if (timers > MAX_TIMERS_AT_ONCE) throw new Error('timers that never end');
      this.session.onTimeout(this.nowMs);
    }
  }

  private flush(): void {
    for (let packets = 0; ; packets++) {
      const packet = this.session.nextPacket(this.nowMs);
      if (packet === null) return;
      if (packets > MAX_PACKETS_AT_ONCE) throw new Error('packets that never end');
      if (packet.bytes[0] !== PacketType.OneRtt) continue;
      const pathId = this.pathOf(packet.bytes);
      this.sent.set(pathId, Math.max(this.sent.get(pathId) ?? 0, packetNumberOf(packet.bytes)));
    }
  }

  private pathOf(packet: Uint8Array): number {
    return this.ids.pathOf(packet.subarray(1, 9)) ?? -1;
  }
}

function serve(stream: Stream): void {
  serveStream(stream, new Uint8Array(32), (request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    request.onData = (bytes) => {
      if (response.bufferedBytes() < 50_000) response.write(bytes);
    };
    request.onEnd = () => response.end();
  });
}

const VIEWER_KEY = keyPairOf(new Uint8Array(32).fill(3));
export const CAMERA_KEY = keyPairOf(new Uint8Array(32).fill(5));
export const SECRET = new Uint8Array(16).fill(7);
