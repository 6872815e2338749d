import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorReason } from '../errors';
import type { DeviceStatus } from '../commands';

/** An error of a talk (-2601). */
export function talkError(reason: IotErrorReason, message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.VoiceFailed,
    phase: 'voice',
    reason,
    message,
    retryable: reason !== 'talk-unsupported',
    cause,
  });
}

/** What a camera's answer to `get_device_st` forbids; null: nothing, or it cannot be told. */
export function forbiddenBy(status: DeviceStatus): IotError | null {
  switch (status) {
    case 'busy':
      return talkError('talk-busy', 'somebody else talks to the camera');
    case 'unsupported':
      return talkError('talk-unsupported', 'the camera has no loudspeaker');
    case 'device-error':
    case 'too-many-viewers':
      return talkError('voice-rejected', `the camera takes no voice (${status})`);
    case 'ok':
    case 'bad-request':
    case 'unknown':
      return null;
    default:
      return status satisfies never;
  }
}

/** A camera that hangs up with 503 lets somebody else talk. */
export function refineError(error: IotError): IotError {
  if (error.reason !== 'voice-rejected') return error;
  if (error.status === 503) return talkError('talk-busy', error.message, error);
  if (error.status === 404) return talkError('talk-unsupported', error.message, error);
  return error;
}
