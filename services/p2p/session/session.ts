import type { Random } from '../../host';
import { ByteWriter, equalBytes, MalformedError } from './bytes';
import { readFrames, writeFrame } from './frames';
import type { Frame } from './frames';
import { Connecting } from './connecting';
import type { ConnectingOptions } from './connecting';
import { FlowControl } from './flow-control';
import type { TrafficKeys } from './noise';
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
import type { SessionClose, SessionObserver, SessionStats } from './session-types';
import { acknowledgeFrames, resendFrames } from './sent-packet';
import type { SentFrame, SentPacket } from './sent-packet';
import type { StreamPriority } from './stream';
import type { Stream } from './stream';
import { StreamMap } from './stream-map';
import type { Role } from './stream-map';
import type { AcceptedInitial } from './acceptor';
import { TransportError, TransportErrorCode } from './transport-error';

/** Without a packet from the peer for this long the session is over (RFC 9000 §10.1). */
export const IDLE_TIMEOUT_MS = 30_000;
/** The initiator's keep-alive: well within the idle timeout and common NAT bindings. */
const KEEP_ALIVE_MS = 10_000;
/** 1-RTT packets that arrived before message 2 and wait for the keys. */
const MAX_EARLY_PACKETS = 16;
/** ACK ranges above which a PING asks for an ACK, so that the list can be cut (RFC 9000 §13.2.4). */
const MANY_ACK_RANGES = 8;

interface SessionOptions {
  readonly random: Random;
  readonly observer: SessionObserver;
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
  private readonly streams: StreamMap;
  private readonly scheduler = new SendScheduler();
  private readonly path: Path;
  private readonly flow = new FlowControl();
  /** Until message 2; null in a responder. */
  private connecting: Connecting | null = null;
  private state: State;
  private earlyPackets: Uint8Array[] = [];
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
  /** Everything queued waits for the peer's limits; only a frame of the peer changes that. */
  private flowBlocked = false;
  private readonly counters = { packetsSent: 0, packetsReceived: 0, packetsLost: 0, out: 0, in: 0 };

  private constructor(
    role: Role,
    options: SessionOptions,
    localConnectionId: Uint8Array,
    nowMs: number,
  ) {
    this.role = role;
    this.observer = options.observer;
    this.localConnectionId = localConnectionId;
    this.state = role === 'initiator' ? 'handshaking' : 'established';
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
    if (stream !== null && early) this.connecting?.earlyStreams.add(stream);
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
    this.connecting?.restartTimer(nowMs);
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
    if (this.connecting === null) return this.nextOneRtt(nowMs);
    const packet = this.connecting.nextPacket(nowMs);
    return packet === null ? null : this.count(packet);
  }

  /** When `onTimeout` must be called, in the time of `nowMs`; null when never. */
  nextTimeoutMs(nowMs: number): number | null {
    if (this.state === 'closed') return null;
    if (this.connecting !== null) return this.connecting.nextTimeoutMs(this.pathUsable);
    let due = this.lastReceivedMs + IDLE_TIMEOUT_MS;
    if (!this.pathUsable) return due;
    if (this.role === 'initiator') due = Math.min(due, this.lastElicitedMs + KEEP_ALIVE_MS);
    due = Math.min(due, this.path.acks.nextTimeoutMs() ?? Infinity);
    due = Math.min(due, this.path.recovery.nextTimeoutMs() ?? Infinity);
    if (!this.scheduler.isEmpty && !this.flowBlocked)
      due = Math.min(due, this.path.pacedUntilMs(nowMs) ?? Infinity);
    return due;
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
        this.flow.onReceived(stream.receive(frame.offset, frame.data, frame.fin));
        return;
      }
      case 'reset-stream': {
        const stream = this.peerStream(frame.streamId);
        if (stream === null) return;
        this.flow.onReceived(stream.receiveReset(frame.errorCode, frame.finalSize));
        return;
      }
      case 'stop-sending':
        this.peerStream(frame.streamId)?.receiveStop(frame.errorCode);
        return;
      case 'max-data':
        this.flow.onMaxData(frame.maximum);
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

  private onPacketsAcknowledged(
    packets: readonly SentPacket[],
    rttMs: number | null,
    nowMs: number,
  ): void {
    this.path.onAcknowledged(packets, rttMs, nowMs);
    for (const packet of packets) acknowledgeFrames(packet.frames);
  }

  private onPacketsLost(packets: readonly SentPacket[]): void {
    if (packets.length === 0) return;
    this.counters.packetsLost += packets.length;
    this.path.onLost(packets);
    for (const packet of packets) this.sendAgain(packet.frames);
  }

  private sendAgain(frames: readonly SentFrame[]): void {
    resendFrames(frames);
    for (const frame of frames) {
      if (frame.kind === 'max-data') this.flow.limitPending = true;
      if (frame.kind === 'max-streams') this.streams.limitPending = true;
    }
  }

  /** RFC 9002 §6.2.4: probes carry what waits longest, or a PING. */
  private probe(count: number): void {
    for (const packet of this.path.recovery.oldest(count)) this.sendAgain(packet.frames);
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
      !this.scheduler.isEmpty ||
      this.pingPending ||
      this.flow.limitPending ||
      this.streams.limitPending
    );
  }

  private addFrames(builder: PacketBuilder): void {
    const { flow } = this;
    if (flow.limitPending) {
      const frame = { type: 'max-data', maximum: flow.advertisedLimit } as const;
      if (builder.addControl(frame, { kind: 'max-data' })) flow.limitPending = false;
    }
    if (this.streams.limitPending) {
      const frame = { type: 'max-streams', maximum: this.streams.advertisedLimit } as const;
      if (builder.addControl(frame, { kind: 'max-streams' })) this.streams.limitPending = false;
    }
    flow.onSent(builder.addStreams(this.scheduler, flow.credit));
    if (this.pingPending) {
      this.pingPending = false;
      if (!builder.ackEliciting) builder.addControl({ type: 'ping' }, null);
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
    // The camera knows that we hold the keys once it sees a packet of ours.
    this.pingPending = true;
    this.observer.onConnected();
    const waiting = this.earlyPackets;
    this.earlyPackets = [];
    for (const early of waiting) this.receive(early, nowMs);
  }

  private installKeys(keys: TrafficKeys): void {
    const isInitiator = this.role === 'initiator';
    this.sealer = new PacketProtector(isInitiator ? keys.initiatorKey : keys.responderKey);
    this.opener = new PacketProtector(isInitiator ? keys.responderKey : keys.initiatorKey);
  }

  private receiveRefusal(packet: Uint8Array, nowMs: number): void {
    const refusal = this.connecting?.onRefusal(packet, nowMs) ?? null;
    if (refusal === null) return;
    const { errorCode, reason } = refusal;
    this.finish({ kind: 'refused', errorCode, reason });
  }

  private forgetStream(stream: Stream): void {
    this.scheduler.remove(stream);
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
    if (this.sealer === null || this.state === 'closed') return;
    const writer = new ByteWriter(new Uint8Array(MAX_FRAMES_BYTES));
    writeFrame(writer, { type: 'connection-close', errorCode, reason: reason.slice(0, 60) });
    const { id, packetNumber } = this.path;
    this.closePacket = this.sealer.seal(
      this.remoteConnectionId,
      id,
      packetNumber,
      writer.written(),
    );
    this.closePacketDue = true;
  }

  private finish(close: SessionClose): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    const errorCode = 'errorCode' in close ? close.errorCode : TransportErrorCode.NoError;
    const streams = [...this.streams.all()];
    this.streams.clear();
    this.scheduler.clear();
    this.connecting = null;
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
