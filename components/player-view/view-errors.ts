import { IotError, XP2PErrorCode } from '@services/errors';

export function snapshotFailed(message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'snapshot-failed',
    message,
    retryable: true,
    cause,
  });
}

export function saveFailed(message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'save-failed',
    message,
    retryable: true,
    cause,
  });
}

export function albumDenied(message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'player',
    reason: 'album-denied',
    message,
    retryable: true,
  });
}

export function cancelled(message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'cancelled',
    message,
    retryable: true,
  });
}

export function unsupported(what: string): IotError {
  return new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'player',
    reason: 'unsupported-operation',
    message: `${what} is not possible on this host`,
    retryable: false,
  });
}

/** What WeChat's album has failed with. */
export function albumError(cause: unknown): IotError {
  const message = (cause as { readonly errMsg?: string }).errMsg ?? String(cause);
  if (/cancel/i.test(message)) return cancelled(message);
  if (/auth|deny|denied|permission/i.test(message)) return albumDenied(message);
  return saveFailed(message, cause);
}
