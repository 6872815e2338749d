import type { Stream } from './stream';

/** What a packet carried that must be sent again when it is lost (RFC 9000 §13.3). */
export type SentFrame =
  | { readonly kind: 'ack'; readonly pathId: number; readonly largest: number }
  | {
      readonly kind: 'stream';
      readonly stream: Stream;
      readonly offset: number;
      readonly length: number;
      readonly fin: boolean;
    }
  | { readonly kind: 'reset-stream'; readonly stream: Stream }
  | { readonly kind: 'stop-sending'; readonly stream: Stream }
  | { readonly kind: 'max-stream-data'; readonly stream: Stream }
  | { readonly kind: 'max-data' }
  | { readonly kind: 'max-streams' }
  | { readonly kind: 'address'; readonly sequence: number }
  | { readonly kind: 'punch-me-now' };

/** A packet that waits for its acknowledgement. */
export interface SentPacket {
  readonly packetNumber: number;
  readonly sentAtMs: number;
  readonly bytes: number;
  readonly ackEliciting: boolean;
  readonly frames: readonly SentFrame[];
  /** State of the delivery-rate sampler when it left (draft-cheng-iccrg-delivery-rate-estimation §3.1.2). */
  readonly delivered: number;
  readonly deliveredAtMs: number;
  readonly firstSentAtMs: number;
  readonly appLimited: boolean;
}

/** Tells the streams that a packet with these frames arrived. */
export function acknowledgeFrames(frames: readonly SentFrame[]): void {
  for (const frame of frames) {
    if (frame.kind === 'stream') {
      frame.stream.onDataAcknowledged(frame.offset, frame.length, frame.fin);
    } else if (frame.kind === 'reset-stream') frame.stream.onResetAcknowledged();
  }
}

/**
 * Queues the streams' frames of a packet once more; a packet itself is never repeated (RFC 9000 §13.3).
 * Frames of the session itself are the caller's.
 */
export function resendFrames(frames: readonly SentFrame[]): void {
  for (const frame of frames) {
    switch (frame.kind) {
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
      default:
        break;
    }
  }
}
