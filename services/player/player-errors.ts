import { IotError, XP2PErrorCode } from '../errors';
import type { PathDownReason } from './player-state';
import { PLAYER_TIMINGS as T } from './player-timings';

/** Errors that the player finds by itself, because something that should have come did not. */
export const surfaceTimeout = (): IotError =>
  new IotError({
    code: XP2PErrorCode.LocalServerFailed,
    phase: 'player',
    reason: 'player-load-failed',
    message: `the surface was not ready within ${T.surfaceMs} ms`,
    retryable: true,
  });

export const moduleTimeout = (): IotError =>
  new IotError({
    code: XP2PErrorCode.NotInitialised,
    phase: 'init',
    reason: 'not-initialised',
    message: `the module did not initialise within ${T.moduleMs} ms`,
    retryable: true,
  });

export const serviceTimeout = (): IotError =>
  new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'connect',
    reason: 'connect-timeout',
    message: `the connection was not made within ${T.serviceMs} ms`,
    retryable: true,
  });

export const pullTimeout = (): IotError =>
  new IotError({
    code: XP2PErrorCode.LocalServerFailed,
    phase: 'player',
    reason: 'media-broken',
    message: `the surface did not ask for the stream within ${T.pullMs} ms`,
    retryable: true,
  });

export const noData = (): IotError =>
  new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason: 'no-data',
    message: `no data came within ${T.firstDataMs} ms although the connection is up`,
    retryable: true,
  });

export const noPicture = (): IotError =>
  new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'media-broken',
    message: `no picture was shown within ${T.firstFrameMs} ms although data comes`,
    retryable: true,
  });

export const streamEnded = (): IotError =>
  new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason: 'stream-ended',
    message: 'the camera ended the stream',
    retryable: true,
  });

export const pathLost = (reason: PathDownReason): IotError =>
  new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'session',
    reason: reason === 'silent' ? 'connection-lost' : reason,
    message: `the path was down for ${T.pathDownMs} ms: ${reason}`,
    retryable: true,
  });

export const checkTimeout = (): IotError =>
  new IotError({
    code: XP2PErrorCode.DeviceStateQueryFailed,
    phase: 'stream',
    reason: 'request-timeout',
    message: `the camera did not tell its state within ${T.checkMs} ms`,
    retryable: true,
  });

/** The camera answered, but not with the stream. */
export function rejectedRequest(status: number): IotError {
  const init = {
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    message: `the camera answered with status ${status}`,
    status,
  } as const;
  switch (status) {
    case 401:
    case 403:
      return new IotError({ ...init, reason: 'access-denied', retryable: false });
    case 429:
    case 503:
      return new IotError({ ...init, reason: 'device-busy', retryable: true });
    case 408:
    case 504:
      return new IotError({ ...init, reason: 'request-timeout', retryable: true });
    default:
      return new IotError({ ...init, reason: 'request-rejected', retryable: status >= 500 });
  }
}
