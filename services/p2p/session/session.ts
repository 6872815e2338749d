import type { Random } from '../../host';
import { ByteWriter, equalBytes, MalformedError } from './bytes';
import { readFrames, writeFrame } from './frames';
import type { Frame } from './frames';
import { InitiatorHandshake, MAX_EARLY_FRAMES_BYTES, pskOf } from './handshake';
import type { Message2 } from './handshake';
import type { KeyPair, TrafficKeys } from './noise';
import { PacketBuilder } from './packet-builder';
import {
  MAX_FRAMES_BYTES,
  MAX_PACKET_NUMBER,
  packetBody,
  packetNumberOf,
  PacketProtector,
  PacketType,
} from './packet';
import { Path } from './path';
import { SendScheduler } from './send-scheduler';
import type { SentPacket } from './sent-packet';
import { StreamPriority } from './stream';
import type { Stream } from './stream';
import { StreamMap } from './stream-map';
import type { Role } from './stream-map';
import type { AcceptedInitial } from './acceptor';
import { TransportError, TransportErrorCode } from './transport-error';

/** Without a packet from the peer for this long the session is over (RFC 9000 §10.1). */
export const IDLE_TIMEOUT_MS = 30_000;
/** How long an initiator tries to get an answer to its message 1. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
const INITIAL_RETRANSMIT_MS = 250;
const MAX_INITIAL_RETRANSMIT_MS = 2000;
/** The initiator's keep-alive: well within the idle timeout and common NAT bindings. */
const KEEP_ALIVE_MS = 10_000;
/** Receive window of the session; what waits behind gaps in all its streams. */
const SESSION_WINDOW_BYTES = 4 * 1024 * 1024;
/** 1-RTT packets that arrived before message 2 and wait for the keys. */
const MAX_EARLY_PACKETS = 16;
/** Clock-skew refusals after which the initiator gives up: each one corrects the clock. */
const MAX_CLOCK_CORRECTIONS = 2;
/** ACK ranges above which a PING asks for an ACK, so that the list can be cut (RFC 9000 §13.2.4). */
const MANY_ACK_RANGES = 8;

export type SessionClose =
  | { readonly kind: 'local' }
  | { readonly kind: 'peer'; readonly errorCode: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly errorCode: number; readonly reason: string }
  | { readonly kind: 'handshake-timeout'; readonly answered: boolean }
  | { readonly kind: 'idle' }
  | { readonly kind: 'stateless-reset' }
  | { readonly kind: 'violation'; readonly errorCode: number; readonly reason: string };

export interface SessionObserver {
  /** Both sides hold the keys. */
  onConnected(): void;
  /** The peer opened a stream; its handlers must be set before this returns. */
  onStream(stream: Stream): void;
  /** The end; every stream has been told. Nothing follows. */
  onClosed(close: SessionClose): void;
  /** Something is to be sent: `nextPacket` should be called soon. */
  onWake(): void;
}

interface SessionOptions {
  readonly random: Random;
  readonly observer: SessionObserver;
}

export interface ConnectOptions extends SessionOptions {
  readonly staticKey: KeyPair;
  readonly cameraKey: Uint8Array;
  readonly accessSecret: Uint8Array;
  readonly localConnectionId: Uint8Array;
  readonly nowMs: number;
  /** Reads the wall clock, unix ms. */
  readonly wallMs: () => number;
}

export interface SessionStats {
  readonly packetsSent: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly rttMs: number | null;
}

type State = 'handshaking' | 'established' | 'closed';

/**
 * One end-to-end session without I/O: it is given packets and the time, and gives packets and the time
 * of its next timer. The caller moves the bytes, whichever way they go.
 */
export class Session {
  readonly localConnectionId: Uint8Array;
  private readonly role: Role;
  private readonly observer: SessionObserver;
  private readonly streams: StreamMap;
  private readonly scheduler = new SendScheduler();
  private readonly path: Path;
  private readonly connecting: ConnectOptions | null;
  private state: State;
  private handshake: InitiatorHandshake | null = null;
  private handshakeFrames: PacketBuilder | null = null;
  private initialDueMs: number;
  private initialRetransmitMs = INITIAL_RETRANSMIT_MS;
  private handshakeDeadlineMs = Infinity;
  private handshakeAnswered = false;
  private clockOffsetMs = 0;
  private clockCorrections = 0;
  private earlyPackets: Uint8Array[] = [];
  private readonly earlyStreams = new Set<Stream>();
  private remoteConnectionId: Uint8Array = new Uint8Array(0);
  private resetToken: Uint8Array | null = null;
  private sealer: PacketProtector | null = null;
  private opener: PacketProtector | null = null;
  private closePacket: Uint8Array | null = null;
  private closePacketDue = false;
  private pathUsable = true;
  private pingPending = false;
  private lastReceivedMs: number;
  private lastElicitedMs: number;
  private sendLimit = SESSION_WINDOW_BYTES;
  private sentBytes = 0;
  private receiveLimit = SESSION_WINDOW_BYTES;
  private receivedBytes = 0;
  private limitPending = false;
  /** Everything queued waits for the peer's limits; only a frame of the peer changes that. */
  private flowBlocked = false;
  private readonly counters = { packetsSent: 0, packetsReceived: 0, packetsLost: 0, out: 0, in: 0 };

  private constructor(
    role: Role,
    options: SessionOptions,
    localConnectionId: Uint8Array,
    connecting: ConnectOptions | null,
    nowMs: number,
  ) {
    this.role = role;
    this.observer = options.observer;
    this.localConnectionId = localConnectionId;
    this.connecting = connecting;
    this.state = connecting === null ? 'established' : 'handshaking';
    this.initialDueMs = nowMs;
    this.lastReceivedMs = nowMs;
    this.lastElicitedMs = nowMs;
    // Message 1 is packet 0 of the initiator.
    this.path = new Path(0, role === 'initiator' ? 1 : 0);
    this.streams = new StreamMap(
      {
        onStreamReady: (stream) => {
          this.scheduler.add(stream);
          this.observer.onWake();
        },
        onStreamDone: (stream) => this.forgetStream(stream),
      },
      role,
    );
  }

  /** Starts a session as the viewer; streams may be opened at once. */
  static connect(options: ConnectOptions): Session {
    const session = new Session(
      'initiator',
      options,
      options.localConnectionId,
      options,
      options.nowMs,
    );
    session.handshakeDeadlineMs = options.nowMs + HANDSHAKE_TIMEOUT_MS;
    return session;
  }

  /** Starts a session as the camera, from a message 1 that holds. `start` must follow. */
  static accept(options: SessionOptions, accepted: AcceptedInitial, nowMs: number): Session {
    const session = new Session('responder', options, accepted.localConnectionId, null, nowMs);
    session.remoteConnectionId = accepted.remoteConnectionId.slice();
    session.installKeys(accepted.keys);
    return session;
  }

  /** Hands the frames of message 1 to the streams of a session made by `accept`. */
  start(accepted: AcceptedInitial, nowMs: number): void {
    this.observer.onConnected();
    this.readPayload(accepted.early, 0, nowMs, true);
  }

  get isClosed(): boolean {
    return this.state === 'closed';
  }

  get stats(): SessionStats {
    const { counters, path } = this;
    return {
      packetsSent: counters.packetsSent,
      packetsReceived: counters.packetsReceived,
      packetsLost: counters.packetsLost,
      bytesSent: counters.out,
      bytesReceived: counters.in,
      rttMs: path.recovery.rtt.hasSample ? path.recovery.rtt.smoothedMs : null,
    };
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
    if (stream !== null && early && this.state === 'handshaking') this.earlyStreams.add(stream);
    return stream;
  }

  /** Ends the session; the peer is told. */
  close(errorCode: number, reason: string): void {
    this.prepareClosePacket(errorCode, reason);
    this.finish({ kind: 'local' });
    this.observer.onWake();
  }

  /** Whether packets can be sent at present; while they cannot, only the long timers run. */
  setPathUsable(usable: boolean, nowMs: number): void {
    if (this.pathUsable === usable) return;
    this.pathUsable = usable;
    if (!usable) return;
    this.path.recovery.resetBackoff();
    this.initialDueMs = Math.min(this.initialDueMs, nowMs);
    this.initialRetransmitMs = INITIAL_RETRANSMIT_MS;
    this.ping();
    this.observer.onWake();
  }

  /** Asks the peer for a sign of life, whatever the congestion window says. */
  ping(): void {
    if (this.state !== 'established') return;
    this.pingPending = true;
    this.path.probes = Math.max(this.path.probes, 1);
    this.observer.onWake();
  }

  /** Whether the peer owes an answer to something sent. */
  get awaitsAnswer(): boolean {
    return this.path.recovery.bytesInFlight > 0;
  }

  /** Takes a packet that bears our connection id. */
  receive(packet: Uint8Array, nowMs: number): void {
    const type = packet[0];
    if (this.state === 'closed') {
      // RFC 9000 §10.2.1: whoever still talks to us is told again.
      if (this.closePacket !== null) this.closePacketDue = true;
      return;
    }
    if (type === PacketType.OneRtt) this.receiveOneRtt(packet, nowMs);
    else if (type === PacketType.Handshake) this.receiveHandshake(packet, nowMs);
    else if (type === PacketType.Refusal) this.receiveRefusal(packet, nowMs);
  }

  /** Whether a stateless reset packet names this session, and is the peer's. */
  isResetBy(packet: Uint8Array): boolean {
    return (
      this.state === 'established' &&
      this.resetToken !== null &&
      equalBytes(packet.subarray(1, 9), this.remoteConnectionId) &&
      equalBytes(packetBody(packet), this.resetToken)
    );
  }

  /** The peer has lost the session's state: its process was restarted. */
  onStatelessReset(): void {
    this.finish({ kind: 'stateless-reset' });
  }

  /** @returns the next packet to send, null when there is none now. */
  nextPacket(nowMs: number): Uint8Array | null {
    if (this.closePacketDue) {
      this.closePacketDue = false;
      return this.count(this.closePacket!);
    }
    if (this.state === 'closed' || !this.pathUsable) return null;
    if (this.state === 'handshaking') return this.nextInitial(nowMs);
    return this.nextOneRtt(nowMs);
  }

  /** When `onTimeout` must be called, in the time of `nowMs`; null when never. */
  nextTimeoutMs(nowMs: number): number | null {
    if (this.state === 'closed') return null;
    if (this.state === 'handshaking') {
      return this.pathUsable
        ? Math.min(this.initialDueMs, this.handshakeDeadlineMs)
        : this.handshakeDeadlineMs;
    }
    let due = this.lastReceivedMs + IDLE_TIMEOUT_MS;
    if (!this.pathUsable) return due;
    if (this.role === 'initiator') due = Math.min(due, this.lastElicitedMs + KEEP_ALIVE_MS);
    due = Math.min(due, this.path.acks.nextTimeoutMs() ?? Infinity);
    due = Math.min(due, this.path.recovery.nextTimeoutMs() ?? Infinity);
    if (!this.scheduler.isEmpty && !this.flowBlocked) due = Math.min(due, this.path.pacedUntilMs(nowMs) ?? Infinity);
    return due;
  }

  onTimeout(nowMs: number): void {
    if (this.state === 'handshaking') {
      if (nowMs >= this.handshakeDeadlineMs) {
        this.finish({ kind: 'handshake-timeout', answered: this.handshakeAnswered });
      }
      return;
    }
    if (this.state === 'closed') return;
    if (nowMs >= this.lastReceivedMs + IDLE_TIMEOUT_MS) {
      this.finish({ kind: 'idle' });
      return;
    }
    if (!this.pathUsable) return;
    if (this.role === 'initiator' && nowMs >= this.lastElicitedMs + KEEP_ALIVE_MS) {
      this.pingPending = true;
    }
    const { recovery } = this.path;
    if (nowMs >= (recovery.nextTimeoutMs() ?? Infinity)) {
      const { lost, probes } = recovery.onTimeout(nowMs);
      this.onPacketsLost(lost);
      if (probes > 0) this.probe(probes);
    }
  }

  private receiveOneRtt(packet: Uint8Array, nowMs: number): void {
    if (this.opener === null) {
      if (this.earlyPackets.length < MAX_EARLY_PACKETS) this.earlyPackets.push(packet.slice());
      return;
    }
    const frames = this.opener.open(packet, this.path.id);
    if (frames === null) return;
    const packetNumber = packetNumberOf(packet);
    if (this.path.acks.isDuplicate(packetNumber)) return;
    this.lastReceivedMs = nowMs;
    this.counters.packetsReceived++;
    this.counters.in += packet.length;
    this.readPayload(frames, packetNumber, nowMs, false);
  }

  private readPayload(
    payload: Uint8Array,
    packetNumber: number,
    nowMs: number,
    inMessage1: boolean,
  ): void {
    try {
      const frames = readFrames(payload);
      const ackEliciting = frames.some(
        (frame) => frame.type !== 'ack' && frame.type !== 'connection-close',
      );
      // Recorded first: handlers may send, and what they send shall carry the ACK.
      if (!inMessage1) this.path.acks.onPacket(packetNumber, ackEliciting, nowMs);
      for (const frame of frames) {
        this.onFrame(frame, nowMs);
        if (this.isClosed) return;
      }
      this.extendWindow();
    } catch (error) {
      this.fail(error);
    }
  }

  private onFrame(frame: Frame, nowMs: number): void {
    switch (frame.type) {
      case 'ping':
        return;
      case 'ack': {
        const { acknowledged, lost, rttMs } = this.path.recovery.onAck(
          frame.ranges,
          frame.delayMs,
          nowMs,
        );
        if (acknowledged.length > 0) this.onPacketsAcknowledged(acknowledged, rttMs, nowMs);
        this.onPacketsLost(lost);
        return;
      }
      case 'stream': {
        const stream = this.peerStream(frame.streamId);
        if (stream === null) return;
        this.countReceived(stream.receive(frame.offset, frame.data, frame.fin));
        return;
      }
      case 'reset-stream': {
        const stream = this.peerStream(frame.streamId);
        if (stream === null) return;
        this.countReceived(stream.receiveReset(frame.errorCode, frame.finalSize));
        return;
      }
      case 'stop-sending':
        this.peerStream(frame.streamId)?.receiveStop(frame.errorCode);
        return;
      case 'max-data':
        this.sendLimit = Math.max(this.sendLimit, frame.maximum);
        return;
      case 'max-stream-data':
        this.peerStream(frame.streamId)?.onMaxStreamData(frame.maximum);
        return;
      case 'max-streams':
        this.streams.onMaxStreams(frame.maximum);
        return;
      case 'connection-close':
        this.finish({ kind: 'peer', errorCode: frame.errorCode, reason: frame.reason });
        return;
    }
  }

  private peerStream(id: number): Stream | null {
    const resolved = this.streams.resolve(id);
    if (resolved === null) return null;
    if (resolved.isNew) this.observer.onStream(resolved.stream);
    return resolved.stream;
  }

  private countReceived(bytes: number): void {
    this.receivedBytes += bytes;
    if (this.receivedBytes > this.receiveLimit) {
      throw new TransportError(TransportErrorCode.FlowControlError, 'session limit exceeded');
    }
  }

  private extendWindow(): void {
    if (this.receiveLimit - this.receivedBytes > SESSION_WINDOW_BYTES / 2) return;
    this.receiveLimit = this.receivedBytes + SESSION_WINDOW_BYTES;
    this.limitPending = true;
  }

  private onPacketsAcknowledged(
    packets: readonly SentPacket[],
    rttMs: number | null,
    nowMs: number,
  ): void {
    this.path.onAcknowledged(packets, rttMs, nowMs);
    for (const packet of packets) {
      for (const frame of packet.frames) {
        if (frame.kind === 'stream') {
          frame.stream.onDataAcknowledged(frame.offset, frame.length, frame.fin);
        } else if (frame.kind === 'reset-stream') frame.stream.onResetAcknowledged();
      }
    }
  }

  private onPacketsLost(packets: readonly SentPacket[]): void {
    if (packets.length === 0) return;
    this.counters.packetsLost += packets.length;
    this.path.onLost(packets);
    for (const packet of packets) this.sendAgain(packet);
  }

  /** Queues a packet's frames once more; the packet itself is never repeated (RFC 9000 §13.3). */
  private sendAgain(packet: Pick<SentPacket, 'frames'>): void {
    for (const frame of packet.frames) {
      switch (frame.kind) {
        case 'ack':
          break;
        case 'stream':
          frame.stream.onDataLost(frame.offset, frame.length, frame.fin);
          break;
        case 'reset-stream':
          frame.stream.onResetLost();
          break;
        case 'stop-sending':
          frame.stream.onStopLost();
          break;
        case 'max-stream-data':
          frame.stream.onWindowLost();
          break;
        case 'max-data':
          this.limitPending = true;
          break;
        case 'max-streams':
          this.streams.limitPending = true;
          break;
      }
    }
  }

  /** RFC 9002 §6.2.4: probes carry what waits longest, or a PING. */
  private probe(count: number): void {
    for (const packet of this.path.recovery.oldest(count)) this.sendAgain(packet);
    this.path.probes = count;
    this.pingPending = true;
  }

  private nextOneRtt(nowMs: number): Uint8Array | null {
    const { path } = this;
    const builder = new PacketBuilder(MAX_FRAMES_BYTES);
    const ackDue = (path.acks.nextTimeoutMs() ?? Infinity) <= nowMs;
    const maySend = path.canSend(nowMs);
    if (!ackDue && !(maySend && this.wantsSend)) {
      if (maySend) path.onAppLimited();
      return null;
    }
    const ranges = builder.addAck(path.acks, nowMs);
    if (maySend) this.addFrames(builder);
    else if (ranges > MANY_ACK_RANGES && path.recovery.bytesInFlight === 0) this.pingPending = true;
    if (ranges > MANY_ACK_RANGES && !builder.ackEliciting && path.recovery.bytesInFlight === 0) {
      builder.addControl({ type: 'ping' }, null);
    }
    this.flowBlocked = maySend && !builder.ackEliciting && !this.scheduler.isEmpty;
    if (builder.isEmpty) return null;
    if (path.packetNumber >= MAX_PACKET_NUMBER) {
      this.fail(new TransportError(TransportErrorCode.AeadLimitReached, 'packet numbers used up'));
      return null;
    }
    const packet = this.sealer!.seal(
      this.remoteConnectionId,
      path.id,
      path.packetNumber,
      builder.bytes(),
    );
    path.onSent(packet.length, builder.ackEliciting, builder.frames, nowMs);
    if (builder.ackEliciting) this.lastElicitedMs = nowMs;
    return this.count(packet);
  }

  private get wantsSend(): boolean {
    return (
      !this.scheduler.isEmpty || this.pingPending || this.limitPending || this.streams.limitPending
    );
  }

  private addFrames(builder: PacketBuilder): void {
    if (this.limitPending) {
      const frame = { type: 'max-data', maximum: this.receiveLimit } as const;
      if (builder.addControl(frame, { kind: 'max-data' })) this.limitPending = false;
    }
    if (this.streams.limitPending) {
      const frame = { type: 'max-streams', maximum: this.streams.advertisedLimit } as const;
      if (builder.addControl(frame, { kind: 'max-streams' })) this.streams.limitPending = false;
    }
    this.sentBytes += builder.addStreams(this.scheduler, this.sendLimit - this.sentBytes);
    if (this.pingPending) {
      this.pingPending = false;
      if (!builder.ackEliciting) builder.addControl({ type: 'ping' }, null);
    }
  }

  private nextInitial(nowMs: number): Uint8Array | null {
    if (nowMs < this.initialDueMs) return null;
    this.handshake ??= this.startHandshake();
    this.initialDueMs = nowMs + this.initialRetransmitMs;
    this.initialRetransmitMs = Math.min(2 * this.initialRetransmitMs, MAX_INITIAL_RETRANSMIT_MS);
    return this.count(this.handshake.packet);
  }

  private startHandshake(): InitiatorHandshake {
    const options = this.connecting!;
    const builder = new PacketBuilder(MAX_EARLY_FRAMES_BYTES);
    for (const stream of this.earlyStreams) {
      this.sentBytes += builder.addStream(stream, this.sendLimit - this.sentBytes);
    }
    this.handshakeFrames = builder;
    return new InitiatorHandshake({
      random: options.random,
      staticKey: options.staticKey,
      cameraKey: options.cameraKey,
      psk: pskOf(options.accessSecret, options.cameraKey),
      connectionId: this.localConnectionId,
      wallMs: Math.max(0, options.wallMs() + this.clockOffsetMs),
      earlyFrames: builder.bytes(),
    });
  }

  private receiveHandshake(packet: Uint8Array, nowMs: number): void {
    if (this.state !== 'handshaking' || this.handshake === null) return;
    this.handshakeAnswered = true;
    const answer = this.handshake.readHandshake(packet);
    if (answer === null) {
      // Forged or garbled: the Noise state is spent, so the next retransmission is a new message 1.
      this.restartHandshake(this.initialDueMs);
      return;
    }
    this.lastReceivedMs = nowMs;
    this.state = 'established';
    this.adopt(answer.message);
    this.installKeys(answer.keys);
    for (const frame of this.handshakeFrames?.frames ?? []) {
      if (frame.kind === 'stream') {
        frame.stream.onDataAcknowledged(frame.offset, frame.length, frame.fin);
      }
    }
    this.handshake = null;
    this.handshakeFrames = null;
    this.earlyStreams.clear();
    // The camera knows that we hold the keys once it sees a packet of ours.
    this.pingPending = true;
    this.observer.onConnected();
    const waiting = this.earlyPackets;
    this.earlyPackets = [];
    for (const early of waiting) this.receive(early, nowMs);
  }

  private adopt(message: Message2): void {
    this.remoteConnectionId = message.connectionId.slice();
    this.resetToken = message.resetToken;
  }

  private installKeys(keys: TrafficKeys): void {
    const isInitiator = this.role === 'initiator';
    this.sealer = new PacketProtector(isInitiator ? keys.initiatorKey : keys.responderKey);
    this.opener = new PacketProtector(isInitiator ? keys.responderKey : keys.initiatorKey);
  }

  private receiveRefusal(packet: Uint8Array, nowMs: number): void {
    if (this.state !== 'handshaking' || this.handshake === null) return;
    const refusal = this.handshake.readRefusal(packet);
    if (refusal === null) return;
    this.handshakeAnswered = true;
    const cameraMs = Number(refusal.reason);
    if (
      refusal.errorCode === TransportErrorCode.ClockSkew &&
      Number.isFinite(cameraMs) &&
      this.clockCorrections < MAX_CLOCK_CORRECTIONS
    ) {
      this.clockCorrections++;
      this.clockOffsetMs = cameraMs - this.connecting!.wallMs();
      this.restartHandshake(nowMs);
      return;
    }
    this.finish({ kind: 'refused', errorCode: refusal.errorCode, reason: refusal.reason });
  }

  private restartHandshake(dueMs: number): void {
    if (this.handshakeFrames !== null) this.sendAgain(this.handshakeFrames);
    this.handshake = null;
    this.handshakeFrames = null;
    this.initialDueMs = dueMs;
  }

  private forgetStream(stream: Stream): void {
    this.scheduler.remove(stream);
    this.earlyStreams.delete(stream);
    this.streams.remove(stream);
  }

  private fail(error: unknown): void {
    let errorCode: number = TransportErrorCode.InternalError;
    if (error instanceof TransportError) errorCode = error.code;
    else if (error instanceof MalformedError) errorCode = TransportErrorCode.FrameEncodingError;
    else throw error;
    const reason = error.message;
    this.prepareClosePacket(errorCode, reason);
    this.finish({ kind: 'violation', errorCode, reason });
  }

  private prepareClosePacket(errorCode: number, reason: string): void {
    if (this.sealer === null || this.state === 'closed') return;
    const writer = new ByteWriter(new Uint8Array(MAX_FRAMES_BYTES));
    writeFrame(writer, { type: 'connection-close', errorCode, reason: reason.slice(0, 60) });
    const { id, packetNumber } = this.path;
    this.closePacket = this.sealer.seal(this.remoteConnectionId, id, packetNumber, writer.written());
    this.closePacketDue = true;
  }

  private finish(close: SessionClose): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    const errorCode = 'errorCode' in close ? close.errorCode : TransportErrorCode.NoError;
    const streams = [...this.streams.all()];
    this.streams.clear();
    this.scheduler.clear();
    this.earlyStreams.clear();
    this.earlyPackets = [];
    for (const stream of streams) stream.abandon(errorCode);
    this.observer.onClosed(close);
  }

  private count(packet: Uint8Array): Uint8Array {
    this.counters.packetsSent++;
    this.counters.out += packet.length;
    return packet;
  }
}
