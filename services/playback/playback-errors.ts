import { toIotError } from '../device';
import { IotError, XP2PErrorCode } from '../errors';

export function asError(cause: unknown): IotError {
  return toIotError(cause, {
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason: 'internal',
    message: cause instanceof Error ? cause.message : String(cause),
    retryable: true,
  });
}

export function streamRejected(status: number): IotError {
  const isBusy = status === 503;
  return streamError(
    isBusy ? 'device-busy' : 'request-rejected',
    `the camera answered ${status}`,
    status >= 500,
  );
}

export function silent(message: string): IotError {
  return streamError('no-data', message, true);
}

export function streamEnded(): IotError {
  return streamError('stream-ended', 'the camera ended the stream before the recording did', true);
}

function streamError(
  reason: 'request-rejected' | 'no-data' | 'stream-ended' | 'device-busy',
  message: string,
  retryable: boolean,
): IotError {
  const code = XP2PErrorCode.StreamFailed;
  return new IotError({ code, phase: 'stream', reason, message, retryable });
}
