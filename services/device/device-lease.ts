import type {
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PLocalDownloadCallbacks,
  XP2PRecorderManager,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from '../p2p/module';
import type { DeviceConnection } from './device-connection';
import type { DeviceLeaseEvents, DeviceStreamEvents, DeviceStreamOptions } from './types';

/** One holder's share of a camera's connection. Nothing is called back after `release`. */
export class DeviceLease {
  /** Private to this folder: guarded, so that a released lease stays silent. */
  readonly events: Required<DeviceLeaseEvents>;
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
      onStreamFree: () => {
        if (!this.released) events.onStreamFree?.();
      },
      onNetworkChanged: () => {
        this.streamNumber++;
        if (!this.released) events.onNetworkChanged?.();
      },
      onFeedback: (detail) => {
        if (!this.released) events.onFeedback?.(detail);
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
   * message.
   *
   * Leases that ask for the same parameters share one pull: a late comer gets the header and all since
   * the latest keyframe first. A connection carries one stream of a kind: other parameters reject with
   * `stream-exists` unless they take over; who loses its stream hears `onFail` with that reason.
   * @param params as `connect`
   */
  startStream(
    params: string,
    events: DeviceStreamEvents,
    options: DeviceStreamOptions = {},
  ): Promise<void> {
    const number = ++this.streamNumber;
    const current = (): boolean => number === this.streamNumber;
    const guarded: DeviceStreamEvents = {
      onRequest: () => void (current() && events.onRequest()),
      onParsed: (status, headers) => void (current() && events.onParsed(status, headers)),
      onData: (chunk) => void (current() && events.onData(chunk)),
      onEnd: () => void (current() && events.onEnd()),
      onFail: (error) => void (current() && events.onFail(error)),
      onTags: (tags) => void (current() && events.onTags?.(tags)),
    };
    return this.connection.startStream(this, params, guarded, options);
  }

  /** Ends this lease's stream; no event of it follows. */
  stopStream(): void {
    this.streamNumber++;
    this.connection.stopStream(this);
  }

  /**
   * Sends a command; may be called as soon as `connect` was. Rejects with an `IotError` when there is
   * no connection; how the request went is in the result's `type`.
   */
  sendCommand(command: string, options: XP2PCommandOptions = {}): Promise<XP2PCommandResult> {
    return this.connection.sendCommand(command, options);
  }

  /** Asks the camera for what it says by itself: `onFeedback`. */
  watchFeedback(): void {
    this.connection.watchFeedback(this);
  }

  /**
   * Records and sends PCM (guide §startVoice). A connection carries one voice: rejects with
   * `voice-exists` while another lease has one.
   */
  startVoice(
    recorder: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number> {
    return this.connection.startVoice(this, (module, id) =>
      module.startVoice(id, recorder, options, callbacks),
    );
  }

  /** Sends FLV that the caller supplies (guide §startVoiceData); as `startVoice`. */
  startVoiceData(
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter> {
    return this.connection.startVoice(this, (module, id) =>
      module.startVoiceData(id, options, callbacks),
    );
  }

  /** Ends this lease's voice, after what was written. */
  stopVoice(): void {
    this.connection.stopVoice(this);
  }

  /**
   * Fetches a file (guide §startLocalDownload); may be called as soon as `connect` was. A connection
   * carries one: rejects with `download-exists` while there is another.
   * @returns resolves at the file's end; rejects with an `IotError`
   */
  download(urlParams: string, callbacks: XP2PLocalDownloadCallbacks): Promise<void> {
    return this.connection.download(this, urlParams, callbacks);
  }

  /** Ends this lease's download; its promise rejects. */
  stopDownload(): void {
    this.connection.stopDownload(this);
  }

  /** Gives the share back; the connection closes with its last lease. */
  release(): void {
    if (this.released) return;
    this.released = true;
    this.streamNumber++;
    this.connection.remove(this);
  }
}
