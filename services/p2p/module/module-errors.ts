import { IotError, XP2PErrorCode } from '../../errors';
import type { IotErrorInit, IotErrorPhase } from '../../errors';

/** -2000 with the name of the field. */
export function badParameter(phase: IotErrorPhase, field: string, expected: string): IotError {
  return new IotError({
    code: XP2PErrorCode.BadParameter,
    phase,
    reason: 'bad-parameter',
    message: `${field} must be ${expected}`,
    retryable: false,
    field,
  });
}

/** -2002. */
export function notInitialised(phase: IotErrorPhase): IotError {
  return new IotError({
    code: XP2PErrorCode.NotInitialised,
    phase,
    reason: 'not-initialised',
    message: 'the module was not initialised; call init first',
    retryable: false,
  });
}

/** -2003. */
export function alreadyInitialised(): IotError {
  return new IotError({
    code: XP2PErrorCode.AlreadyInitialised,
    phase: 'init',
    reason: 'already-initialised',
    message: 'the module was initialised before; it is a singleton',
    retryable: false,
  });
}

/** -2401: what there may be one of runs. */
export function alreadyRunning(
  phase: IotErrorPhase,
  reason: 'service-exists' | 'stream-exists' | 'voice-exists' | 'download-exists',
  message: string,
): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceExists,
    phase,
    reason,
    message,
    retryable: false,
  });
}

/** -2403: there is no such service, or it has ended. */
export function serviceMissing(phase: IotErrorPhase, message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase,
    reason: 'service-missing',
    message,
    retryable: false,
  });
}

/** -2601. */
export function voiceFailed(
  reason: IotErrorInit['reason'],
  message: string,
  more: Pick<IotErrorInit, 'status' | 'cause'> = {},
): IotError {
  const code = XP2PErrorCode.VoiceFailed;
  return new IotError({ code, phase: 'voice', reason, message, retryable: true, ...more });
}

/** -2701. */
export function downloadFailed(
  reason: IotErrorInit['reason'],
  message: string,
  retryable: boolean,
  more: Pick<IotErrorInit, 'status' | 'cause'> = {},
): IotError {
  const code = XP2PErrorCode.DownloadFailed;
  return new IotError({ code, phase: 'download', reason, message, retryable, ...more });
}

/** -2004: a stream of 1vN. */
export function unsupported1vN(): IotError {
  return new IotError({
    code: XP2PErrorCode.Unsupported,
    phase: 'connect',
    reason: 'unsupported-operation',
    message: 'this engine plays no 1vN streams: streamInfo needs the xp2pInfo of a camera',
    retryable: false,
    field: 'streamInfo.url',
  });
}
