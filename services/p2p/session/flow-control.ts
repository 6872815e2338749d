import { TransportError, TransportErrorCode } from './transport-error';

/** Receive window of the session: what may wait behind gaps in all its streams. */
const SESSION_WINDOW_BYTES = 4 * 1024 * 1024;

/** Flow control of the whole session, RFC 9000 §4.1. */
export class FlowControl {
  private sendLimit = SESSION_WINDOW_BYTES;
  private sentBytes = 0;
  private receiveLimit = SESSION_WINDOW_BYTES;
  private receivedBytes = 0;
  /** A MAX_DATA frame is owed. */
  limitPending = false;

  /** Bytes never sent before that may leave. */
  get credit(): number {
    return this.sendLimit - this.sentBytes;
  }

  get advertisedLimit(): number {
    return this.receiveLimit;
  }

  onSent(freshBytes: number): void {
    this.sentBytes += freshBytes;
  }

  onMaxData(maximum: number): void {
    this.sendLimit = Math.max(this.sendLimit, maximum);
  }

  /**
   * @param grownBytes by how much the highest offset of a stream grew.
   * @throws TransportError when the peer sends more than it may.
   */
  onReceived(grownBytes: number): void {
    this.receivedBytes += grownBytes;
    if (this.receivedBytes > this.receiveLimit) {
      throw new TransportError(TransportErrorCode.FlowControlError, 'session limit exceeded');
    }
    if (this.receiveLimit - this.receivedBytes > SESSION_WINDOW_BYTES / 2) return;
    this.receiveLimit = this.receivedBytes + SESSION_WINDOW_BYTES;
    this.limitPending = true;
  }
}
