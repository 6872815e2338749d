import type { RequestEvents, RequestHandle, RequestOptions } from '../http';

/** The part of a service through which streams, voice, downloads and commands reach the camera. */
export interface RequestChannel {
  /** As `Connection.request`: null when the connection takes no request. */
  request(options: RequestOptions, events: RequestEvents): RequestHandle | null;
  /** As `Connection.batch`. */
  batch(work: () => void): void;
}
