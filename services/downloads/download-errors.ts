import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorReason } from '../errors';

function downloadError(
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
  return downloadError('storage-failed', message, retryable, cause);
}

export function storageFull(needBytes: number, freeBytes: number): IotError {
  return downloadError('storage-full', `${needBytes} bytes do not fit ${freeBytes}`, false);
}

/** Size or digest is not what the camera has told. */
export function fileDamaged(message: string): IotError {
  return downloadError('file-damaged', message, false);
}

/** The transfer broke off before its end. */
export function cutShort(message: string): IotError {
  return downloadError('connection-lost', message, true);
}

/** The system does not let the app write to the album. */
export function albumDenied(cause?: unknown): IotError {
  return downloadError('album-denied', 'the album may not be written', false, cause);
}

/** Something that this host or file format has no way for. */
export function exportUnsupported(message: string): IotError {
  return downloadError('export-unsupported', message, false);
}
