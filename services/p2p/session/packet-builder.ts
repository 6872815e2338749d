import { ByteWriter, varintLength } from './bytes';
import {
  frameLength,
  MIN_ACK_FRAME_BYTES,
  streamFrameOverhead,
  writeFrame,
  writeStreamHeader,
} from './frames';
import type { Frame } from './frames';
import type { AckTracker } from './ack-tracker';
import type { SendScheduler } from './send-scheduler';
import type { SentFrame } from './sent-packet';
import type { Stream } from './stream';

/** Fills one packet's frames and records what must be sent again if it is lost. */
export class PacketBuilder {
  readonly frames: SentFrame[] = [];
  ackEliciting = false;
  readonly clear: boolean;
  private readonly writer: ByteWriter;

  /** @param clear for a clear packet, which takes data of streams that are marked clear alone. */
  constructor(maxBytes: number, clear = false) {
    this.clear = clear;
    this.writer = new ByteWriter(new Uint8Array(maxBytes));
  }

  get isEmpty(): boolean {
    return this.writer.length === 0;
  }

  bytes(): Uint8Array {
    return this.writer.written();
  }

  /** Adds an ACK of everything that arrived; does nothing before the first packet, or in a clear one. */
  addAck(pathId: number, acks: AckTracker, nowMs: number): number {
    if (this.clear || this.writer.remaining < MIN_ACK_FRAME_BYTES) return 0;
    const ack = acks.takeAck(nowMs);
    if (ack === null) return 0;
    writeFrame(this.writer, { type: 'ack', pathId, ...ack });
    const largest = ack.ranges[ack.ranges.length - 1]!.end - 1;
    this.frames.push({ kind: 'ack', pathId, largest });
    return ack.ranges.length;
  }

  /** @returns false when there is no room. */
  addControl(frame: Exclude<Frame, { type: 'stream' | 'ack' }>, record: SentFrame | null): boolean {
    if (frameLength(frame) > this.writer.remaining) return false;
    writeFrame(this.writer, frame);
    this.ackEliciting = true;
    if (record !== null) this.frames.push(record);
    return true;
  }

  /**
   * Adds what a stream has to send, as far as there is room.
   * @param connectionCredit see `Stream.nextData`.
   * @returns bytes of data never sent before.
   */
  addStream(stream: Stream, connectionCredit: number): number {
    if (!this.clear) this.addStreamControl(stream);
    let fresh = 0;
    for (;;) {
      const overhead = streamFrameOverhead(stream.id, stream.unsentOffset, this.writer.remaining);
      const next = stream.nextData(this.writer.remaining - overhead, connectionCredit - fresh);
      if (next === null || (this.clear && !stream.isClearAt(next.offset))) return fresh;
      const before = stream.unsentOffset;
      writeStreamHeader(this.writer, stream.id, next.offset, next.length, next.fin);
      stream.takeData(next.offset, this.writer.claim(next.length), next.fin);
      fresh += stream.unsentOffset - before;
      this.ackEliciting = true;
      this.frames.push({ kind: 'stream', stream, ...next });
    }
  }

  /** Adds data of the scheduler's streams in their order until the packet is full. */
  addStreams(scheduler: SendScheduler, connectionCredit: number): number {
    let fresh = 0;
    for (const stream of scheduler.inOrder()) {
      if (this.writer.remaining <= MIN_STREAM_ROOM) break;
      if (this.clear) {
        const kind = stream.nextKind(connectionCredit - fresh);
        if (kind === null) continue;
        // Its turn comes with the next packet; those behind it must not overtake it.
        if (kind === 'sealed') break;
      }
      fresh += this.addStream(stream, connectionCredit - fresh);
      scheduler.settle(stream);
    }
    return fresh;
  }

  private addStreamControl(stream: Stream): void {
    const { id: streamId } = stream;
    if (stream.resetPending !== null) {
      const reset = {
        type: 'reset-stream',
        streamId,
        errorCode: stream.resetPending,
        finalSize: stream.resetFinalSize,
      } as const;
      if (this.addControl(reset, { kind: 'reset-stream', stream })) stream.resetPending = null;
    }
    if (stream.stopPending !== null) {
      const stop = { type: 'stop-sending', streamId, errorCode: stream.stopPending } as const;
      if (this.addControl(stop, { kind: 'stop-sending', stream })) stream.stopPending = null;
    }
    if (stream.windowPending) {
      const maximum = stream.advertisedLimit;
      const window = { type: 'max-stream-data', streamId, maximum } as const;
      if (this.addControl(window, { kind: 'max-stream-data', stream }))
        stream.windowPending = false;
    }
  }
}

/** A STREAM frame's head and a few bytes; below it a packet counts as full. */
const MIN_STREAM_ROOM = 1 + varintLength(1 << 20) + 8 + 2 + 8;
