import { AddressBook } from './address-book';
import type { ConnectionIds } from './connection-ids';
import type { FlowControl } from './flow-control';
import { PacketBuilder } from './packet-builder';
import { MAX_FRAMES_BYTES, MAX_PACKET_BYTES, MAX_PACKET_NUMBER } from './packet';
import type { PacketProtector } from './packet';
import type { Path } from './path';
import type { PathSet } from './path-set';
import { PROBE_PATH_ID } from './probing';
import type { Probing } from './probing';
import { SendScheduler } from './send-scheduler';
import { resendFrames } from './sent-packet';
import type { SentFrame, SentPacket } from './sent-packet';
import type { OutgoingPacket } from './session-types';
import type { StreamMap } from './stream-map';
import { TransportError, TransportErrorCode } from './transport-error';

/** ACK ranges above which a PING asks for an ACK, so that the list can be cut (RFC 9000 §13.2.4). */
const MANY_ACK_RANGES = 8;

/** What the sender draws packets from. */
export interface SenderParts {
  readonly paths: PathSet;
  readonly streams: StreamMap;
  readonly flow: FlowControl;
  readonly probing: Probing;
}

/** Decides what the next 1-RTT packet is, and which path it takes. */
export class Sender {
  readonly scheduler = new SendScheduler();
  readonly addresses = new AddressBook();
  private readonly parts: SenderParts;
  private sealing: { readonly protector: PacketProtector; readonly ids: ConnectionIds } | null =
    null;
  /** Everything queued waits for the peer's limits; only a frame of the peer changes that. */
  private flowBlocked = false;
  private punchRound = 0;
  private punchPending = false;

  constructor(parts: SenderParts) {
    this.parts = parts;
  }

  installKeys(protector: PacketProtector, ids: ConnectionIds): void {
    this.sealing = { protector, ids };
  }

  /** Tells the peer to punch now. */
  punch(): void {
    this.punchRound++;
    this.punchPending = true;
  }

  /**
   * @returns the next packet to send, null when there is none now.
   * @throws TransportError when the packet numbers are used up.
   */
  next(nowMs: number): OutgoingPacket | null {
    const probe = this.nextProbe();
    if (probe !== null) return probe;
    const { paths } = this.parts;
    const active = this.nextOn(paths.active, nowMs);
    if (active !== null) return active;
    for (const path of paths.all()) {
      const packet = path === paths.active ? null : this.nextOn(path, nowMs);
      if (packet !== null) return packet;
    }
    return null;
  }

  /** When a packet can leave without anything else happening; null when none waits. */
  nextSendMs(nowMs: number): number | null {
    const { paths } = this.parts;
    let due = this.parts.probing.isIdle ? Infinity : nowMs;
    for (const path of paths.all()) {
      if (path.usable) due = Math.min(due, path.acks.nextTimeoutMs() ?? Infinity);
    }
    if (!this.scheduler.isEmpty && !this.flowBlocked && paths.active.usable) {
      due = Math.min(due, paths.active.pacedUntilMs(nowMs) ?? Infinity);
    }
    return due === Infinity ? null : due;
  }

  /** Queues a packet's frames once more; the packet itself is never repeated (RFC 9000 §13.3). */
  sendAgain(packets: readonly Pick<SentPacket, 'frames'>[]): void {
    for (const { frames } of packets) {
      resendFrames(frames);
      for (const frame of frames) this.markPending(frame);
    }
  }

  /** Seals frames that are not to be sent again, on the path for new data. */
  seal(path: Path, frames: Uint8Array, clear = false): OutgoingPacket | null {
    if (this.sealing === null) return null;
    const { protector, ids } = this.sealing;
    const id = ids.remoteOf(path.id);
    const bytes = protector.seal(id, path.id, path.packetNumber, frames, clear);
    return { route: path.route, bytes };
  }

  private markPending(frame: SentFrame): void {
    switch (frame.kind) {
      case 'max-data':
        this.parts.flow.limitPending = true;
        return;
      case 'max-streams':
        this.parts.streams.limitPending = true;
        return;
      case 'address':
        this.addresses.onLost(frame.sequence);
        return;
      case 'punch-me-now':
        this.punchPending = true;
        return;
      default:
        return;
    }
  }

  private nextProbe(): OutgoingPacket | null {
    if (this.sealing === null) return null;
    const probe = this.parts.probing.next();
    if (probe === null) return null;
    const { protector, ids } = this.sealing;
    const id = ids.remoteOf(PROBE_PATH_ID);
    const bytes = protector.seal(id, PROBE_PATH_ID, probe.packetNumber, probe.frames);
    return { route: probe.route, bytes };
  }

  private nextOn(path: Path, nowMs: number): OutgoingPacket | null {
    if (!path.usable || this.sealing === null) return null;
    const isActive = path === this.parts.paths.active;
    const ackDue = (path.acks.nextTimeoutMs() ?? Infinity) <= nowMs;
    const maySend = path.canSend(nowMs);
    const kind = isActive ? this.nextKind() : null;
    if (isActive) this.flowBlocked = kind === null && !this.scheduler.isEmpty;
    if (!ackDue && !(maySend && this.wantsSend(path, isActive, kind !== null))) {
      if (maySend && isActive) path.onAppLimited();
      return null;
    }
    const clear = maySend && !ackDue && kind === 'clear' && !this.mustSeal(path);
    const builder = new PacketBuilder(MAX_FRAMES_BYTES, clear);
    const ranges = builder.addAck(path.id, path.acks, nowMs);
    if (isActive) this.addStrandedAcks(builder, nowMs);
    if (maySend && isActive) this.addFrames(builder);
    if (maySend && path.pingPending) {
      path.pingPending = false;
      if (!builder.ackEliciting) builder.addControl({ type: 'ping' }, null);
    }
    if (ranges > MANY_ACK_RANGES && !builder.ackEliciting && path.recovery.bytesInFlight === 0) {
      builder.addControl({ type: 'ping' }, null);
    }
    if (builder.isEmpty) return null;
    const { validation } = this.parts.probing;
    const packetBytes = builder.bytes().length + MAX_PACKET_BYTES - MAX_FRAMES_BYTES;
    if (!path.validated && !validation.take(path.route, packetBytes)) return null;
    if (path.packetNumber >= MAX_PACKET_NUMBER) {
      throw new TransportError(TransportErrorCode.AeadLimitReached, 'packet numbers used up');
    }
    const packet = this.seal(path, builder.bytes(), clear)!;
    path.onSent(packet.bytes.length, builder.ackEliciting, builder.frames, nowMs);
    return packet;
  }

  private wantsSend(path: Path, isActive: boolean, hasData: boolean): boolean {
    return path.pingPending || hasData || (isActive && this.hasControl);
  }

  /** Frames of the session itself wait, other than ACK and PING. */
  private get hasControl(): boolean {
    const { flow, streams } = this.parts;
    return (
      flow.limitPending || streams.limitPending || this.addresses.hasPending || this.punchPending
    );
  }

  /**
   * In which kind of packet the stream whose turn it is sends; null when every stream waits for the
   * peer's limits.
   */
  private nextKind(): 'sealed' | 'clear' | null {
    const { credit } = this.parts.flow;
    for (const stream of this.scheduler.inOrder()) {
      const kind = stream.nextKind(credit);
      if (kind !== null) return kind;
    }
    return null;
  }

  /** Whether frames wait that may not travel in the clear; beside them any stream's data may. */
  private mustSeal(path: Path): boolean {
    if (path.pingPending || this.hasControl) return true;
    for (const other of this.parts.paths.all()) if (this.isStranded(other)) return true;
    return false;
  }

  /** ACKs of paths that seem dead take the active one. */
  private addStrandedAcks(builder: PacketBuilder, nowMs: number): void {
    const { paths } = this.parts;
    for (const path of paths.all()) {
      if (this.isStranded(path)) builder.addAck(path.id, path.acks, nowMs);
    }
  }

  private isStranded(path: Path): boolean {
    const isActive = path === this.parts.paths.active;
    return !isActive && !path.works && path.acks.nextTimeoutMs() !== null;
  }

  private addFrames(builder: PacketBuilder): void {
    const { flow, streams } = this.parts;
    if (flow.limitPending) {
      const frame = { type: 'max-data', maximum: flow.advertisedLimit } as const;
      if (builder.addControl(frame, { kind: 'max-data' })) flow.limitPending = false;
    }
    if (streams.limitPending) {
      const frame = { type: 'max-streams', maximum: streams.advertisedLimit } as const;
      if (builder.addControl(frame, { kind: 'max-streams' })) streams.limitPending = false;
    }
    this.addAddresses(builder);
    flow.onSent(builder.addStreams(this.scheduler, flow.credit));
  }

  private addAddresses(builder: PacketBuilder): void {
    for (;;) {
      const frame = this.addresses.nextFrame();
      if (frame === null) break;
      const { sequence } = frame;
      if (!builder.addControl(frame, { kind: 'address', sequence })) return;
      this.addresses.onSent(sequence);
    }
    if (!this.punchPending) return;
    const punch = { type: 'punch-me-now', round: this.punchRound } as const;
    if (builder.addControl(punch, { kind: 'punch-me-now' })) this.punchPending = false;
  }
}
