import { Reassembly } from './reassembly';
import { SendBuffer } from './send-buffer';
import type { BandwidthEstimate } from './session-types';
import { TransportError, TransportErrorCode } from './transport-error';

/** Order in which streams share a session; lower goes first. */
export const StreamPriority = {
  Command: 0,
  Voice: 1,
  Live: 2,
  Playback: 3,
  Download: 4,
} as const;

export type StreamPriority = (typeof StreamPriority)[keyof typeof StreamPriority];

/** Unsent bytes above which `write` returns false. */
const HIGH_WATER_BYTES = 256 * 1024;
/** Unsent bytes at which `onDrain` follows. */
const LOW_WATER_BYTES = 64 * 1024;
/** Receive window of one stream; the app takes data as it comes, so it bounds what waits behind a gap. */
export const STREAM_WINDOW_BYTES = 2 * 1024 * 1024;

/** What a stream tells the session that holds it. */
export interface StreamOwner {
  /** The stream has something to put into a packet. */
  onStreamReady(stream: Stream): void;
  /** Both directions are over; the session forgets the stream. */
  onStreamDone(stream: Stream): void;
  /** See `Session.estimate`. */
  estimate(): BandwidthEstimate;
}

/**
 * One bidirectional stream (RFC 9000 §2, §3). The app uses the part above the line; the session calls
 * the rest. Handlers run in the order of the stream's bytes and never after the stream is over.
 */
export class Stream {
  readonly id: number;
  /** Set by whoever learns first what the stream carries. */
  priority: StreamPriority;
  /** A piece of the peer's bytes, in order, once. The bytes belong to the callee. */
  onData: ((bytes: Uint8Array) => void) | null = null;
  /** The peer has ended its side. */
  onEnd: (() => void) | null = null;
  /** The peer broke its side off, or the session is gone: no more data will come. */
  onReset: ((errorCode: number) => void) | null = null;
  /** The peer will not read what we write, or the session is gone: writing is pointless from now on. */
  onStopped: ((errorCode: number) => void) | null = null;
  /** `write` may be called again after it returned false. */
  onDrain: (() => void) | null = null;
  /** Whether the peer may send its data in clear packets, which anybody on the way can read. */
  acceptsClear = false;

  private readonly owner: StreamOwner;
  private readonly sending = new SendBuffer();
  private readonly receiving = new Reassembly();
  private sendState: 'open' | 'ended' | 'reset' | 'acknowledged' = 'open';
  private receiveState: 'open' | 'over' = 'open';
  private finPending = false;
  private finAcknowledged = false;
  private finalSize: number | null = null;
  private needsDrain = false;
  private paused = false;
  /** Offset from which our data may travel in clear packets. */
  private clearFrom = Infinity;
  private sendLimit: number;
  private receiveLimit = STREAM_WINDOW_BYTES;
  /** Frames to (re)send, by kind; a lost frame sets its flag again. */
  resetPending: number | null = null;
  stopPending: number | null = null;
  windowPending = false;
  private stopped = false;
  private resetCode = 0;
  private stopCode = 0;

  constructor(owner: StreamOwner, id: number, priority: StreamPriority, sendLimit: number) {
    this.owner = owner;
    this.id = id;
    this.priority = priority;
    this.sendLimit = sendLimit;
  }

  /**
   * Queues bytes; they are copied.
   * @returns false when enough is queued: wait for `onDrain`. What is written regardless is kept.
   */
  write(bytes: Uint8Array): boolean {
    if (this.sendState !== 'open') return false;
    this.sending.append(bytes);
    if (bytes.length > 0) this.owner.onStreamReady(this);
    const ok = this.sending.unsentBytes < HIGH_WATER_BYTES;
    if (!ok) this.needsDrain = true;
    return ok;
  }

  /** What is written from now on travels in clear packets; the peer must have agreed to it. */
  writeClear(): void {
    this.clearFrom = Math.min(this.clearFrom, this.sending.end);
  }

  /** Ends our side after what was written. */
  end(): void {
    if (this.sendState !== 'open') return;
    this.sendState = 'ended';
    this.finPending = true;
    this.owner.onStreamReady(this);
  }

  /** Breaks our side off; unsent bytes are dropped (RFC 9000 §19.4). */
  reset(errorCode: number): void {
    if (this.sendState === 'reset' || this.sendState === 'acknowledged') return;
    this.sendState = 'reset';
    this.resetCode = errorCode;
    this.resetPending = errorCode;
    this.finPending = false;
    this.sending.clear();
    this.owner.onStreamReady(this);
  }

  /** Asks the peer to stop sending (RFC 9000 §19.5); nothing is delivered from now on. */
  stopSending(errorCode: number): void {
    if (this.receiveState === 'over') return;
    this.receiving.clear();
    this.onData = null;
    this.onEnd = null;
    this.onReset = null;
    this.stopped = true;
    // The peer has ended already: what it sent last may be missing for ever, and nobody waits for it.
    if (this.finalSize !== null) {
      this.endReceiving();
      this.finishIfOver();
      return;
    }
    this.stopCode = errorCode;
    this.stopPending = errorCode;
    this.owner.onStreamReady(this);
  }

  /** Gives the peer no more room to send: what it may send already, 2 MiB at most, still comes. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    if (this.receiveState === 'open') this.extendWindow();
  }

  /** Bytes written that have not been sent for the first time. */
  bufferedBytes(): number {
    return this.sending.unsentBytes;
  }

  /** How much the session carries towards the peer at present, this stream and all others together. */
  estimate(): BandwidthEstimate {
    return this.owner.estimate();
  }

  // For the session.

  /** Pieces of the peer's data that wait behind a gap. */
  get waiting(): number {
    return this.receiving.waiting;
  }

  get unsentOffset(): number {
    return this.sending.nextOffset;
  }

  get wantsSend(): boolean {
    return this.canSend(Infinity);
  }

  /** Whether a packet could take something. @param connectionCredit see `nextData`. */
  canSend(connectionCredit: number): boolean {
    if (this.resetPending !== null || this.stopPending !== null || this.windowPending) return true;
    if (this.sendState === 'reset') return false;
    const { sending } = this;
    if (sending.hasLost) return true;
    // The end goes with the last byte: it waits while that one may not leave.
    if (sending.unsentBytes === 0) return this.finPending;
    return sending.nextOffset < this.sendLimit && connectionCredit > 0;
  }

  /**
   * The next piece of data for a packet.
   * @param connectionCredit bytes never sent before that connection flow control still allows.
   */
  nextData(
    maxBytes: number,
    connectionCredit: number,
  ): { offset: number; length: number; fin: boolean } | null {
    if (this.sendState === 'reset' || maxBytes < 0) return null;
    const { sending } = this;
    const limit = Math.min(this.sendLimit, sending.nextOffset + connectionCredit);
    const range = maxBytes > 0 ? sending.nextRange(maxBytes, limit) : null;
    const end = range === null ? sending.nextOffset : range.offset + range.length;
    const fin = this.finPending && end === sending.end;
    if (range === null) return fin ? { offset: sending.end, length: 0, fin } : null;
    return { ...range, fin };
  }

  /** Whether data at this offset may travel in a clear packet. */
  isClearAt(offset: number): boolean {
    return offset >= this.clearFrom;
  }

  /** In which kind of packet its next frame travels; null when it has none that can be sent now. */
  nextKind(connectionCredit: number): 'sealed' | 'clear' | null {
    const control = this.resetPending ?? this.stopPending;
    if (control !== null || this.windowPending) return 'sealed';
    const next = this.nextData(1, connectionCredit);
    if (next === null) return null;
    return this.isClearAt(next.offset) ? 'clear' : 'sealed';
  }

  /** Copies what `nextData` offered into `target`. */
  takeData(offset: number, target: Uint8Array, fin: boolean): void {
    this.sending.take(offset, target);
    if (fin) this.finPending = false;
  }

  /** After a packet was filled: tells the app that there is room again. */
  afterSend(): void {
    if (this.needsDrain && this.sending.unsentBytes <= LOW_WATER_BYTES) {
      this.needsDrain = false;
      this.onDrain?.();
    }
  }

  onDataAcknowledged(offset: number, length: number, fin: boolean): void {
    this.sending.onAcknowledged(offset, length);
    if (fin) this.finAcknowledged = true;
    if (this.sendState === 'ended' && this.finAcknowledged && this.sending.isFullyAcknowledged) {
      this.sendState = 'acknowledged';
      this.finishIfOver();
    }
  }

  onDataLost(offset: number, length: number, fin: boolean): void {
    if (this.sendState === 'reset' || this.sendState === 'acknowledged') return;
    this.sending.onLost(offset, length);
    if (fin && !this.finAcknowledged) this.finPending = true;
    this.owner.onStreamReady(this);
  }

  onResetAcknowledged(): void {
    if (this.sendState !== 'reset') return;
    this.sendState = 'acknowledged';
    this.finishIfOver();
  }

  onResetLost(): void {
    if (this.sendState !== 'reset') return;
    this.resetPending = this.resetCode;
    this.owner.onStreamReady(this);
  }

  onStopLost(): void {
    if (this.receiveState === 'over') return;
    this.stopPending = this.stopCode;
    this.owner.onStreamReady(this);
  }

  onWindowLost(): void {
    if (this.receiveState === 'over') return;
    this.windowPending = true;
    this.owner.onStreamReady(this);
  }

  get resetFinalSize(): number {
    return this.sending.nextOffset;
  }

  get advertisedLimit(): number {
    return this.receiveLimit;
  }

  onMaxStreamData(maximum: number): void {
    if (maximum <= this.sendLimit) return;
    this.sendLimit = maximum;
    if (this.wantsSend) this.owner.onStreamReady(this);
  }

  /**
   * Takes a STREAM frame.
   * @returns how far the highest offset grew, for connection flow control.
   * @throws TransportError when the peer breaks flow control or the final size.
   */
  receive(offset: number, data: Uint8Array, fin: boolean): number {
    const end = offset + data.length;
    if (end > this.receiveLimit) {
      throw new TransportError(TransportErrorCode.FlowControlError, 'stream limit exceeded');
    }
    this.checkFinalSize(end, fin);
    if (this.receiveState === 'over') return 0;
    const before = this.receiving.highestOffset;
    if (fin) this.finalSize = end;
    const ready = this.receiving.insert(offset, data);
    const grown = this.receiving.highestOffset - before;
    for (const bytes of ready) this.onData?.(bytes);
    // One of them may have ended the stream.
    if (this.receiveState !== 'open') return grown;
    if (this.stopped) this.receiving.clear();
    else this.extendWindow();
    const complete = this.stopped || this.receiving.deliveredOffset === this.finalSize;
    if (this.finalSize !== null && complete) {
      this.endReceiving();
      this.onEnd?.();
      this.finishIfOver();
    }
    return grown;
  }

  /** Takes a RESET_STREAM frame; see `receive`. */
  receiveReset(errorCode: number, finalSize: number): number {
    if (finalSize > this.receiveLimit) {
      throw new TransportError(TransportErrorCode.FlowControlError, 'stream limit exceeded');
    }
    this.checkFinalSize(finalSize, true);
    if (this.receiveState === 'over') return 0;
    const grown = Math.max(0, finalSize - this.receiving.highestOffset);
    this.finalSize = finalSize;
    this.receiving.clear();
    this.endReceiving();
    this.onReset?.(errorCode);
    this.finishIfOver();
    return grown;
  }

  /** Takes a STOP_SENDING frame: our side is reset in answer (RFC 9000 §3.5). */
  receiveStop(errorCode: number): void {
    if (this.sendState === 'reset' || this.sendState === 'acknowledged') return;
    this.reset(errorCode);
    this.onStopped?.(errorCode);
  }

  /** The session is gone. */
  abandon(errorCode: number): void {
    const readerWaits = this.receiveState === 'open';
    const writerWaits = this.sendState === 'open' || this.sendState === 'ended';
    this.receiveState = 'over';
    this.sendState = 'acknowledged';
    this.sending.clear();
    this.receiving.clear();
    if (readerWaits) this.onReset?.(errorCode);
    if (writerWaits) this.onStopped?.(errorCode);
  }

  private checkFinalSize(end: number, isFinal: boolean): void {
    const { finalSize } = this;
    const tooLong = finalSize !== null && (end > finalSize || (isFinal && end !== finalSize));
    const tooShort = isFinal && finalSize === null && end < this.receiving.highestOffset;
    if (tooLong || tooShort) {
      throw new TransportError(TransportErrorCode.FinalSizeError, 'final size changed');
    }
  }

  private extendWindow(): void {
    const window = this.receiveLimit - this.receiving.deliveredOffset;
    if (this.paused || this.finalSize !== null || window > STREAM_WINDOW_BYTES / 2) return;
    this.receiveLimit = this.receiving.deliveredOffset + STREAM_WINDOW_BYTES;
    this.windowPending = true;
    this.owner.onStreamReady(this);
  }

  private endReceiving(): void {
    this.receiveState = 'over';
    this.stopPending = null;
    this.windowPending = false;
  }

  private finishIfOver(): void {
    if (this.receiveState === 'over' && this.sendState === 'acknowledged') {
      this.owner.onStreamDone(this);
    }
  }
}
