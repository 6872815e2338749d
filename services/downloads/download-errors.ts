import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorReason } from '../errors';

function downloadError(reason: IotErrorReason, message: string, retryable: boolean): IotError {
  const code = XP2PErrorCode.DownloadFailed;
  return new IotError({ code, phase: 'download', reason, message, retryable });
}

/** Size or digest is not what the camera has told. */
export function fileDamaged(message: string): IotError {
  return downloadError('file-damaged', message, false);
}

/** The transfer broke off before its end. */
export function cutShort(message: string): IotError {
  return downloadError('connection-lost', message, true);
}
