import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, DeviceStreamEvents } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { PathInfo } from '../p2p/module';
import { deviceStateCommand, readDeviceState } from './device-state';
import type { PlayerEvent } from './player-event';
import { liveAction, paramsOf } from './stream-params';
import type { PlayerSource } from './stream-params';

export interface PlayerLinkOptions {
  readonly sessions: DeviceSessions;
  /** What is to be shown. */
  readonly source: () => PlayerSource;
  readonly dispatch: (event: PlayerEvent) => void;
  readonly onPath: (attempt: number, path: PathInfo) => void;
}

/** A player's share of a camera's connection: what the machine asks of it, and what comes of that. */
export class PlayerLink {
  private lease: DeviceLease | null = null;

  constructor(private readonly options: PlayerLinkOptions) {}

  initModule(attempt: number): void {
    const { sessions, source, dispatch } = this.options;
    sessions.init(source().device).then(
      () => dispatch({ type: 'module-ready', attempt }),
      (cause: unknown) => dispatch({ type: 'module-failed', attempt, error: internalError(cause) }),
    );
  }

  startService(attempt: number): void {
    const { sessions, dispatch, onPath } = this.options;
    const failed = (cause: unknown): void =>
      dispatch({ type: 'service-failed', attempt, error: internalError(cause) });
    try {
      const source = this.options.source();
      this.lease = sessions.acquire(source.device, {
        onPath: (path) => onPath(attempt, path),
        onDisconnect: (error) => dispatch({ type: 'disconnected', attempt, error }),
        onNetworkChanged: () => dispatch({ type: 'link-lost', attempt }),
        onStreamFree: () => dispatch({ type: 'stream-free', attempt }),
      });
      this.lease
        .connect(paramsOf(source))
        .then(() => dispatch({ type: 'service-started', attempt }), failed);
    } catch (cause) {
      failed(cause);
    }
  }

  stopService(): void {
    this.lease?.release();
    this.lease = null;
  }

  checkStream(attempt: number): void {
    const { dispatch } = this.options;
    const failed = (error: IotError): void => dispatch({ type: 'check-failed', attempt, error });
    const { lease } = this;
    if (lease === null) return;
    const { device, stream } = this.options.source();
    lease.sendCommand(deviceStateCommand(stream, liveAction(device, stream))).then(
      (result) => {
        const error = readDeviceState(result);
        if (error === null) dispatch({ type: 'checked', attempt });
        else failed(error);
      },
      (cause: unknown) => failed(internalError(cause)),
    );
  }

  /** @param takeOver the user has asked for it, so it may take another player's place */
  startStream(
    attempt: number,
    takeOver: boolean,
    events: Pick<DeviceStreamEvents, 'onTags' | 'onData' | 'onParsed'>,
  ): void {
    const { dispatch, source } = this.options;
    const { lease } = this;
    // The lease is gone only where `acquire` failed, and its event is on the way.
    if (lease === null) return;
    const all: DeviceStreamEvents = {
      ...events,
      onRequest: () => dispatch({ type: 'request', attempt }),
      onParsed: (status, headers) => {
        events.onParsed(status, headers);
        dispatch({ type: 'parsed', attempt, status });
      },
      onEnd: () => dispatch({ type: 'stream-end', attempt }),
      onFail: (error) => dispatch({ type: 'stream-broken', attempt, error }),
    };
    lease.startStream(paramsOf(source()), all, { takeOver }).then(
      () => dispatch({ type: 'stream-started', attempt }),
      (cause: unknown) => dispatch({ type: 'stream-failed', attempt, error: internalError(cause) }),
    );
  }

  stopStream(): void {
    this.lease?.stopStream();
  }
}

function internalError(cause: unknown): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'internal',
    message: cause instanceof Error ? cause.message : String(cause),
    retryable: true,
  });
}
