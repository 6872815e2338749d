import type { Crypto, Random } from '../../host';
import type { AcceptedInitial } from './acceptor';
import { ByteWriter, equalBytes, MalformedError } from './bytes';
import { Connecting } from './connecting';
import type { ConnectingOptions } from './connecting';
import { connectionIdKey, ConnectionIds } from './connection-ids';
import type { EventLog } from './event-log';
import { FlowControl } from './flow-control';
import { FrameReceiver } from './frame-receiver';
import { writeFrame } from './frames';
import type { PeerAddressBytes } from './frames';
import type { TrafficKeys } from './noise';
import {
  CONNECTION_ID_BYTES,
  isOneRtt,
  MAX_FRAMES_BYTES,
  packetBody,
  packetNumberOf,
  PacketProtector,
  PacketType,
} from './packet';
import { Path, PathTier } from './path';
import type { Route } from './path';
import { PathManager } from './path-manager';
import { PathSet } from './path-set';
import { PROBE_PATH_ID, Probing } from './probing';
import { Sender } from './sender';
import type {
  BandwidthEstimate,
  OutgoingPacket,
  PathSummary,
  SessionClose,
  SessionObserver,
  SessionStats,
} from './session-types';
import type { Stream, StreamPriority } from './stream';
import { StreamMap } from './stream-map';
import type { Role } from './stream-map';
import { TransportError, TransportErrorCode } from './transport-error';

/** Without a packet from the peer for this long the session is over (RFC 9000 §10.1). */
export const IDLE_TIMEOUT_MS = 30_000;
/** 1-RTT packets that arrived before message 2 and wait for the keys. */
const MAX_EARLY_PACKETS = 16;

interface SessionOptions {
  readonly random: Random;
  /** The host's, if it has one. */
  readonly crypto?: Crypto | undefined;
  readonly observer: SessionObserver;
  /** The route that the handshake takes. */
  readonly route: Route;
  /** Takes down why paths are chosen and packets sent again. */
  readonly log?: EventLog;
}

export type ConnectOptions = SessionOptions & ConnectingOptions;

type State = 'handshaking' | 'established' | 'closed';

/**
 * One end-to-end session without I/O: it is given packets and the time, and gives packets and the time
 * of its next timer. The caller moves the bytes, whichever way they go.
 */
export class Session {
  readonly localConnectionId: Uint8Array;
  private readonly role: Role;
  private readonly observer: SessionObserver;
  private readonly crypto: Crypto | undefined;
  private readonly streams: StreamMap;
  private readonly flow = new FlowControl();
  private readonly paths: PathSet;
  private readonly probing: Probing;
  private readonly sender: Sender;
  private readonly manager: PathManager;
  private readonly frames: FrameReceiver;
  /** Until message 2; null in a responder. */
  private connecting: Connecting | null = null;
  private state: State;
  private earlyPackets: { bytes: Uint8Array; route: Route }[] = [];
  private ids: ConnectionIds | null = null;
  private remoteConnectionId: Uint8Array = new Uint8Array(0);
  private resetToken: Uint8Array | null = null;
  private opener: PacketProtector | null = null;
  private closePacket: OutgoingPacket | null = null;
  private closePacketDue = false;
  private packetsAfterClose = 0;
  private lastReceivedMs: number;
  private readonly counters = { packetsSent: 0, packetsReceived: 0, out: 0, in: 0 };

  private constructor(
    role: Role,
    options: SessionOptions,
    localConnectionId: Uint8Array,
    nowMs: number,
  ) {
    this.role = role;
    this.observer = options.observer;
    this.crypto = options.crypto;
    this.localConnectionId = localConnectionId;
    this.state = role === 'initiator' ? 'handshaking' : 'established';
    this.lastReceivedMs = nowMs;
    // Message 1 is packet 0 of the initiator.
    const firstNumber = role === 'initiator' ? 1 : 0;
    this.paths = new PathSet(new Path(0, options.route, PathTier.Relay, firstNumber, nowMs));
    this.probing = new Probing(options.random);
    this.streams = new StreamMap(
      {
        onStreamReady: (stream) => {
          this.sender.scheduler.add(stream);
          this.observer.onWake();
        },
        onStreamDone: (stream) => this.forgetStream(stream),
        estimate: () => this.estimate(),
      },
      role,
    );
    const { paths, streams, flow, probing } = this;
    this.sender = new Sender({ paths, streams, flow, probing });
    this.manager = new PathManager({
      isInitiator: role === 'initiator',
      paths,
      probing,
      sender: this.sender,
      observer: options.observer,
      log: options.log,
    });
    this.frames = new FrameReceiver({
      streams,
      flow,
      manager: this.manager,
      addresses: this.sender.addresses,
      observer: options.observer,
      onClose: (errorCode, reason) => this.finish({ kind: 'peer', errorCode, reason }),
      isClosed: () => this.isClosed,
    });
  }

  /** Starts a session as the viewer; streams may be opened at once. */
  static connect(options: ConnectOptions): Session {
    const session = new Session('initiator', options, options.localConnectionId, options.nowMs);
    session.connecting = new Connecting(options, session.flow);
    return session;
  }

  /** Starts a session as the camera, from a message 1 that holds. `start` must follow. */
  static accept(options: SessionOptions, accepted: AcceptedInitial, nowMs: number): Session {
    const session = new Session('responder', options, accepted.localConnectionId, nowMs);
    session.remoteConnectionId = accepted.remoteConnectionId.slice();
    session.installKeys(accepted.keys);
    return session;
  }

  /** Does the arithmetic of message 1 now, so that it costs no time when it is sent. */
  prepare(): void {
    this.connecting?.prepare();
  }

  /** Hands the frames of message 1 to the streams of a session made by `accept`. */
  start(accepted: AcceptedInitial, nowMs: number): void {
    this.observer.onConnected();
    this.readPayload(accepted.early, this.paths.active, null, nowMs);
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  get stats(): SessionStats {
    const { counters } = this;
    return {
      packetsSent: counters.packetsSent,
      packetsReceived: counters.packetsReceived,
      packetsLost: this.manager.packetsLost,
      bytesSent: counters.out,
      bytesReceived: counters.in,
      rttMs: this.paths.active.summary.rttMs,
    };
  }

  /** Whether one of the session's paths takes this route. */
  usesRoute(route: Route): boolean {
    return this.paths.byRoute(route) !== undefined;
  }

  /** How much the active path carries towards the peer. */
  estimate(): BandwidthEstimate {
    return this.paths.active.estimate;
  }

  /** The path that carries new data. */
  get activePath(): PathSummary {
    return this.paths.active.summary;
  }

  /** Keys (`connectionIdKey`) of the ids at which the session can be reached. */
  connectionIdKeys(): readonly string[] {
    return this.ids === null
      ? [connectionIdKey(this.localConnectionId)]
      : [...this.ids.localKeys()];
  }

  /**
   * Opens a stream.
   * @param early its first bytes may ride in message 1, which an attacker may play back to the camera:
   *   for idempotent requests only.
   * @returns null when the session is closed or the peer's limit is reached.
   */
  openStream(priority: StreamPriority, early: boolean): Stream | null {
    if (this.state === 'closed') return null;
    const stream = this.streams.openOwn(priority);
    if (stream !== null && early) this.connecting?.earlyStreams.add(stream);
    return stream;
  }

  /** Ends the session; the peer is told. */
  close(errorCode: number, reason: string): void {
    this.prepareClosePacket(errorCode, reason);
    this.finish({ kind: 'local' });
    this.observer.onWake();
  }

  /** Whether packets can be sent by a route at present; while none can, only the long timers run. */
  setRouteUsable(route: Route, usable: boolean, nowMs: number): void {
    const path = this.paths.byRoute(route);
    if (path === undefined || path.usable === usable) return;
    path.usable = usable;
    if (!usable) {
      this.manager.onUnusable(path, nowMs);
      if (this.state === 'established') this.observer.onWake();
      return;
    }
    path.recovery.resetBackoff();
    this.connecting?.restartTimer(nowMs);
    if (this.state === 'established') path.ping();
    this.manager.choose(nowMs);
    this.observer.onWake();
  }

  /** Asks the peer for a sign of life on the active path, whatever the congestion window says. */
  ping(): void {
    if (this.state !== 'established') return;
    this.paths.active.ping();
    this.observer.onWake();
  }

  /** The network under us has changed: no direct path is trusted before it has answered. */
  onNetworkChanged(nowMs: number): void {
    if (this.state !== 'established') return;
    this.manager.onNetworkChanged(nowMs);
    this.observer.onWake();
  }

  /** Whether the peer owes an answer to something sent on the active path. */
  get awaitsAnswer(): boolean {
    return this.paths.active.recovery.bytesInFlight > 0;
  }

  /** Announces where we can be reached (ADD_ADDRESS); what is left out is taken back. */
  setAddresses(addresses: readonly PeerAddressBytes[]): void {
    this.sender.addresses.setOwn(addresses);
    this.observer.onWake();
  }

  /** Where the peer says it can be reached. */
  get peerAddresses(): readonly PeerAddressBytes[] {
    return this.sender.addresses.peerAddresses;
  }

  /** Asks the peer to punch now (PUNCH_ME_NOW). */
  requestPunch(): void {
    this.sender.punch();
    this.observer.onWake();
  }

  /**
   * Asks by a route that is no path yet whether it works both ways; see `onProbeAnswered`.
   * @param announced whether the peer has named this address. One that was only heard from gets no more
   *   than three times what came from it until it has answered (RFC 9000 §8.1).
   */
  probe(route: Route, announced: boolean, nowMs: number): void {
    if (this.state !== 'established') return;
    this.probing.challenge(route, announced, nowMs);
    this.observer.onWake();
  }

  /**
   * Makes a route that has answered a probe into a path; the initiator's call.
   * @returns false when there is one already, or there are too many.
   */
  openPath(route: Route, tier: PathTier, nowMs: number): boolean {
    if (this.state !== 'established' || !this.manager.open(route, tier, nowMs)) return false;
    this.observer.onWake();
    return true;
  }

  /** Takes a packet that bears one of our connection ids. */
  receive(packet: Uint8Array, route: Route, nowMs: number): void {
    const type = packet[0];
    if (this.state === 'closed') {
      // RFC 9000 §10.2.1: whoever still talks to us is told again, ever more seldom.
      const count = ++this.packetsAfterClose;
      if (this.closePacket !== null && (count & (count - 1)) === 0) this.closePacketDue = true;
      return;
    }
    if (isOneRtt(type)) this.receiveOneRtt(packet, route, nowMs);
    else if (type === PacketType.Handshake) this.receiveHandshake(packet, nowMs);
    else if (type === PacketType.Refusal) this.receiveRefusal(packet, nowMs);
  }

  /** Whether a stateless reset packet names this session, and is the peer's. */
  isResetBy(packet: Uint8Array): boolean {
    if (this.state !== 'established' || this.resetToken === null) return false;
    const id = packet.subarray(1, 1 + CONNECTION_ID_BYTES);
    return (
      equalBytes(id, this.remoteConnectionId) && equalBytes(packetBody(packet), this.resetToken)
    );
  }

  /** The peer has lost the session's state: its process was restarted. */
  onStatelessReset(): void {
    this.finish({ kind: 'stateless-reset' });
  }

  /** @returns the next packet to send, null when there is none now. */
  nextPacket(nowMs: number): OutgoingPacket | null {
    if (this.closePacketDue) {
      this.closePacketDue = false;
      return this.count(this.closePacket);
    }
    if (this.state === 'closed') return null;
    if (this.connecting !== null) {
      const { usable, route } = this.paths.active;
      const bytes = usable ? this.connecting.nextPacket(nowMs) : null;
      return bytes === null ? null : this.count({ route, bytes });
    }
    try {
      return this.count(this.sender.next(nowMs));
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  /** When `onTimeout` must be called, in the time of `nowMs`; null when never. */
  nextTimeoutMs(nowMs: number): number | null {
    if (this.state === 'closed') return null;
    if (this.connecting !== null) return this.connecting.nextTimeoutMs(this.paths.active.usable);
    let due = this.lastReceivedMs + IDLE_TIMEOUT_MS;
    due = Math.min(due, this.sender.nextSendMs(nowMs) ?? Infinity);
    return Math.min(due, this.manager.nextTimeoutMs(nowMs));
  }

  onTimeout(nowMs: number): void {
    if (this.state === 'closed') return;
    if (this.connecting !== null) {
      const { deadlineMs, answered } = this.connecting;
      if (nowMs >= deadlineMs) this.finish({ kind: 'handshake-timeout', answered });
      return;
    }
    if (nowMs >= this.lastReceivedMs + IDLE_TIMEOUT_MS) {
      this.finish({ kind: 'idle' });
      return;
    }
    this.manager.onTimeout(nowMs);
  }

  private receiveOneRtt(packet: Uint8Array, route: Route, nowMs: number): void {
    if (this.opener === null || this.ids === null) {
      if (this.earlyPackets.length < MAX_EARLY_PACKETS) {
        this.earlyPackets.push({ bytes: packet.slice(), route });
      }
      return;
    }
    const pathId = this.ids.pathOf(packet.subarray(1, 1 + CONNECTION_ID_BYTES));
    if (pathId === undefined) return;
    const payload = this.opener.open(packet, pathId);
    if (payload === null) return;
    const packetNumber = packetNumberOf(packet);
    const isClear = packet[0] === PacketType.OneRttClear;
    if (pathId === PROBE_PATH_ID) {
      // Nobody sends these.
      if (isClear) return;
      this.receiveProbe(packetNumber, payload, route, nowMs);
      return;
    }
    const known = this.paths.get(pathId);
    if (known?.route !== route || !known.validated) {
      this.probing.validation.onReceived(route, packet.length);
    }
    const path = known ?? this.manager.accept(pathId, route, nowMs);
    if (path === null || path.acks.isDuplicate(packetNumber)) return;
    this.lastReceivedMs = nowMs;
    this.counters.packetsReceived++;
    this.counters.in += packet.length;
    this.manager.onPacket(path, route, packetNumber > path.acks.largestReceived, nowMs);
    this.observer.onReceived?.(route, nowMs);
    this.readPayload(payload, path, packetNumber, nowMs, isClear);
    this.manager.choose(nowMs);
  }

  private receiveProbe(
    packetNumber: number,
    payload: Uint8Array,
    route: Route,
    nowMs: number,
  ): void {
    try {
      for (const event of this.probing.receive(packetNumber, payload, route, nowMs)) {
        this.lastReceivedMs = nowMs;
        if (event.kind === 'challenged') this.observer.onProbed?.(route);
        else this.manager.onProbeAnswered(route, event.rttMs, event.full, nowMs);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param packetNumber null for the frames of message 1, which is no 1-RTT packet. */
  private readPayload(
    payload: Uint8Array,
    path: Path,
    packetNumber: number | null,
    nowMs: number,
    isClear = false,
  ): void {
    try {
      this.frames.receive(payload, path, packetNumber, nowMs, isClear);
    } catch (error) {
      this.fail(error);
    }
  }

  private receiveHandshake(packet: Uint8Array, nowMs: number): void {
    const answer = this.connecting?.onHandshake(packet) ?? null;
    if (answer === null) return;
    this.connecting = null;
    this.lastReceivedMs = nowMs;
    this.state = 'established';
    this.remoteConnectionId = answer.message.connectionId;
    this.resetToken = answer.message.resetToken;
    this.installKeys(answer.keys);
    this.observer.onConnectionIds?.();
    // The camera knows that we hold the keys once it sees a packet of ours.
    this.paths.active.pingPending = true;
    this.observer.onConnected();
    const waiting = this.earlyPackets;
    this.earlyPackets = [];
    for (const { bytes, route } of waiting) this.receive(bytes, route, nowMs);
  }

  private installKeys(keys: TrafficKeys): void {
    const isInitiator = this.role === 'initiator';
    this.ids = new ConnectionIds(
      keys,
      isInitiator,
      this.localConnectionId,
      this.remoteConnectionId,
    );
    const { initiatorKey, responderKey } = keys;
    this.opener = new PacketProtector(isInitiator ? responderKey : initiatorKey, this.crypto);
    const sealer = new PacketProtector(isInitiator ? initiatorKey : responderKey, this.crypto);
    this.sender.installKeys(sealer, this.ids);
    this.manager.installIds(this.ids);
    // RFC 9000 §8.1: the handshake has come by it.
    this.probing.validation.onAnswered(this.paths.active.route);
  }

  private receiveRefusal(packet: Uint8Array, nowMs: number): void {
    const refusal = this.connecting?.onRefusal(packet, nowMs) ?? null;
    if (refusal === null) return;
    const { errorCode, reason } = refusal;
    this.finish({ kind: 'refused', errorCode, reason });
  }

  private forgetStream(stream: Stream): void {
    this.sender.scheduler.remove(stream);
    this.connecting?.earlyStreams.delete(stream);
    this.streams.remove(stream);
  }

  private fail(error: unknown): void {
    let errorCode: number;
    if (error instanceof TransportError) errorCode = error.code;
    else if (error instanceof MalformedError) errorCode = TransportErrorCode.FrameEncodingError;
    else throw error;
    const reason = error.message;
    this.prepareClosePacket(errorCode, reason);
    this.finish({ kind: 'violation', errorCode, reason });
  }

  private prepareClosePacket(errorCode: number, reason: string): void {
    if (this.state === 'closed') return;
    const writer = new ByteWriter(new Uint8Array(MAX_FRAMES_BYTES));
    writeFrame(writer, { type: 'connection-close', errorCode, reason: reason.slice(0, 60) });
    this.closePacket = this.sender.seal(this.paths.active, writer.written());
    this.closePacketDue = this.closePacket !== null;
  }

  private finish(close: SessionClose): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    const errorCode = 'errorCode' in close ? close.errorCode : TransportErrorCode.NoError;
    const streams = [...this.streams.all()];
    this.streams.clear();
    this.sender.scheduler.clear();
    this.connecting = null;
    this.earlyPackets = [];
    for (const stream of streams) stream.abandon(errorCode);
    this.observer.onClosed(close);
  }

  private count<P extends OutgoingPacket | null>(packet: P): P {
    if (packet !== null) {
      this.counters.packetsSent++;
      this.counters.out += packet.bytes.length;
    }
    return packet;
  }
}
