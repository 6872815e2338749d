import type { IotError } from '../errors';
import type { FlvTag } from '../media/flv';
import type { PathInfo } from '../p2p/module';

/** A camera, as an app knows it. */
export interface IotDevice {
  /** The app's own name for the camera, unique within the app; also the id of its p2p service. */
  readonly id: string;
  /** What users call it. */
  readonly name?: string;
  /** The seed's device triple; not needed for cameras of our own engine. */
  readonly productId?: string;
  readonly deviceName?: string;
  /** The camera's current address and access secret, as it prints or reports it. */
  readonly xp2pInfo: string;
}

/** What happens to the connection that a lease shares. */
export interface DeviceLeaseEvents {
  /** How the connection reaches the camera at present; repeats the latest one on `connect`. */
  onPath(path: PathInfo): void;
  /** The connection is over; `connect` builds a new one. Its streams have failed before it. */
  onDisconnect(error: IotError): void;
  /** A stream that stood in the way of another one (`stream-exists`) has ended. */
  onStreamFree?(): void;
  /**
   * The network has changed and the connection cannot move: it is over, and a new one can be made at
   * once. Only the vendor's cameras; our engine's sessions move.
   */
  onNetworkChanged?(): void;
  /**
   * The camera says something by itself, once `watchFeedback` has asked for it.
   * @param detail JSON text, or what the vendor's plugin has read of it: not to be trusted
   */
  onFeedback?(detail: unknown): void;
}

export interface DeviceStreamOptions {
  /** Ends another stream of the camera that stands in the way, in place of `stream-exists`. */
  readonly takeOver?: boolean;
}

/** What happens to a stream, in the seed's order (§"msgCallback"). */
export interface DeviceStreamEvents {
  onRequest(): void;
  /** The head of the camera's answer. */
  onParsed(status: number, headers: Readonly<Record<string, string>>): void;
  /** Bytes of the stream, any number of them; the chunk belongs to the callee. */
  onData(chunk: ArrayBuffer): void;
  /** The tags that the next chunk completes, where the stream is FLV; shared, not to be changed. */
  onTags?(tags: readonly FlvTag[]): void;
  /** The camera ended the stream properly. */
  onEnd(): void;
  /** The stream broke off. */
  onFail(error: IotError): void;
}
