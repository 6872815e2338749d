import type { DeviceConnection } from './device-connection';
import type { DeviceLeaseEvents, DeviceStreamEvents } from './types';

/** One holder's share of a camera's connection. Nothing is called back after `release`. */
export class DeviceLease {
  /** Private to this folder: guarded, so that a released lease stays silent. */
  readonly events: DeviceLeaseEvents;
  private released = false;
  private streamNumber = 0;

  constructor(
    private readonly connection: DeviceConnection,
    events: DeviceLeaseEvents,
  ) {
    this.events = {
      onPath: (path) => {
        if (!this.released) events.onPath(path);
      },
      onDisconnect: (error) => {
        this.streamNumber++;
        if (!this.released) events.onDisconnect(error);
      },
    };
    connection.add(this);
  }

  /**
   * Connects, or joins the connection that is there or being made.
   * @param streamParams the stream that is wanted first: `action=live&channel=0&quality=high`
   * @returns a promise that rejects with an `IotError`
   */
  connect(streamParams: string): Promise<void> {
    return this.connection.connect(this, streamParams);
  }

  /**
   * Starts a stream; may be called as soon as `connect` was, the request then rides in the first
   * message. A connection carries one stream: rejects with `stream-exists` while another lease has one.
   */
  startStream(params: string, events: DeviceStreamEvents): Promise<void> {
    const number = ++this.streamNumber;
    const current = (): boolean => number === this.streamNumber;
    return this.connection.startStream(this, params, {
      onRequest: () => void (current() && events.onRequest()),
      onParsed: (status) => void (current() && events.onParsed(status)),
      onData: (chunk) => void (current() && events.onData(chunk)),
      onEnd: () => void (current() && events.onEnd()),
      onFail: (error) => void (current() && events.onFail(error)),
    });
  }

  /** Ends this lease's stream; no event of it follows. */
  stopStream(): void {
    this.streamNumber++;
    this.connection.stopStream(this);
  }

  /** Gives the share back; the connection closes with its last lease. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.streamNumber++;
    this.connection.remove(this);
  }
}
