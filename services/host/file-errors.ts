import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorReason } from '../errors';

function fileError(
  reason: IotErrorReason,
  message: string,
  retryable: boolean,
  cause?: unknown,
): IotError {
  return new IotError({
    code: XP2PErrorCode.DownloadFailed,
    phase: 'download',
    reason,
    message,
    retryable,
    ...(cause !== undefined && { cause }),
  });
}

/** The host's storage refused. */
export function storageFailed(message: string, retryable: boolean, cause?: unknown): IotError {
  return fileError('storage-failed', message, retryable, cause);
}

export function storageFull(needBytes: number, freeBytes: number): IotError {
  return fileError('storage-full', `${needBytes} bytes do not fit ${freeBytes}`, false);
}

/** The system does not let the app write to the album. */
export function albumDenied(cause?: unknown): IotError {
  return fileError('album-denied', 'the album may not be written', false, cause);
}

/** Something that this host or file format has no way for. */
export function exportUnsupported(message: string): IotError {
  return fileError('export-unsupported', message, false);
}
