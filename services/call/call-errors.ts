import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorReason } from '../errors';

/** An error of a call. */
export function callError(reason: IotErrorReason, message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.VoiceFailed,
    phase: 'voice',
    reason,
    message,
    retryable: true,
    cause,
  });
}
