import type { AddressBook } from './address-book';
import type { FlowControl } from './flow-control';
import { readFrames } from './frames';
import type { Frame } from './frames';
import type { Path } from './path';
import type { PathManager } from './path-manager';
import type { SessionObserver } from './session-types';
import type { Stream } from './stream';
import type { StreamMap } from './stream-map';
import { TransportError, TransportErrorCode } from './transport-error';

export interface FrameReceiverParts {
  readonly streams: StreamMap;
  readonly flow: FlowControl;
  readonly manager: PathManager;
  readonly addresses: AddressBook;
  readonly observer: SessionObserver;
  /** The peer has closed the session. */
  readonly onClose: (errorCode: number, reason: string) => void;
  /** Once it holds, by the peer's wish or a handler's, the frames that follow count no more. */
  readonly isClosed: () => boolean;
}

/** Hands the frames of an authentic packet to the parts of the session that they are for. */
export class FrameReceiver {
  private readonly parts: FrameReceiverParts;

  constructor(parts: FrameReceiverParts) {
    this.parts = parts;
  }

  /**
   * @param packetNumber null for the frames of message 1, which is no 1-RTT packet.
   * @param isClear whether the packet was a clear one.
   * @throws MalformedError, TransportError when the peer breaks the protocol.
   */
  receive(
    payload: Uint8Array,
    path: Path,
    packetNumber: number | null,
    nowMs: number,
    isClear: boolean,
  ): void {
    const frames = readFrames(payload);
    const ackEliciting = frames.some(
      (frame) => frame.type !== 'ack' && frame.type !== 'connection-close',
    );
    // Recorded first: handlers may send, and what they send shall carry the ACK.
    if (packetNumber !== null) path.acks.onPacket(packetNumber, ackEliciting, nowMs);
    let addressesChanged = false;
    for (const frame of frames) {
      addressesChanged ||= frame.type === 'add-address' || frame.type === 'remove-address';
      if (isClear) this.requireClear(frame);
      this.onFrame(frame, nowMs);
      if (this.parts.isClosed()) return;
    }
    // Once a packet: a packet has room for more than a hundred of them, and each telling has a cost.
    if (addressesChanged) this.parts.observer.onPeerAddresses?.(this.parts.addresses.peerAddresses);
  }

  private onFrame(frame: Frame, nowMs: number): void {
    const { streams, flow, manager, addresses, observer } = this.parts;
    switch (frame.type) {
      case 'ping':
        return;
      case 'ack':
        manager.onAck(frame, nowMs);
        return;
      case 'stream': {
        const stream = this.stream(frame.streamId);
        if (stream === null) return;
        flow.onReceived(stream.receive(frame.offset, frame.data, frame.fin));
        streams.checkWaiting(stream);
        return;
      }
      case 'reset-stream': {
        const stream = this.stream(frame.streamId);
        if (stream === null) return;
        flow.onReceived(stream.receiveReset(frame.errorCode, frame.finalSize));
        return;
      }
      case 'stop-sending':
        this.stream(frame.streamId)?.receiveStop(frame.errorCode);
        return;
      case 'max-data':
        flow.onMaxData(frame.maximum);
        return;
      case 'max-stream-data':
        this.stream(frame.streamId)?.onMaxStreamData(frame.maximum);
        return;
      case 'max-streams':
        streams.onMaxStreams(frame.maximum);
        return;
      case 'add-address':
        addresses.onAdd(frame.sequence, frame.address);
        return;
      case 'remove-address':
        addresses.onRemove(frame.sequence);
        return;
      case 'punch-me-now':
        observer.onPunch?.(frame.round);
        return;
      case 'path-challenge':
      case 'path-response':
        throw new TransportError(
          TransportErrorCode.ProtocolViolation,
          'a probe outside of a probe',
        );
      case 'connection-close':
        this.parts.onClose(frame.errorCode, frame.reason);
        return;
    }
  }

  /**
   * Clear packets hold data of streams on which we have asked for it, and nothing else.
   * @throws TransportError when the peer puts something else into one.
   */
  private requireClear(frame: Frame): void {
    const stream = frame.type === 'stream' ? this.stream(frame.streamId) : undefined;
    // Null is a stream that is over: late packets of it may still come.
    if (stream === null || stream?.acceptsClear === true) return;
    throw new TransportError(TransportErrorCode.ProtocolViolation, 'sent in the clear');
  }

  /** @returns null for a stream that is over. */
  private stream(id: number): Stream | null {
    const resolved = this.parts.streams.resolve(id);
    if (resolved === null) return null;
    if (resolved.isNew) this.parts.observer.onStream(resolved.stream);
    return resolved.stream;
  }
}
