import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorPhase, IotErrorReason } from '../errors';
import { recordOf } from './record';

type Meaning = readonly [reason: IotErrorReason, retryable: boolean];

const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [XP2PErrorCode.BadParameter, ['bad-parameter', false]],
  [XP2PErrorCode.XP2PInfoMalformed, ['xp2p-info-malformed', false]],
  [XP2PErrorCode.NotInitialised, ['not-initialised', false]],
  [XP2PErrorCode.AlreadyInitialised, ['already-initialised', false]],
  [XP2PErrorCode.Unsupported, ['unsupported-operation', false]],
  [XP2PErrorCode.DeviceVersionTooLow, ['device-version-too-low', false]],
  [XP2PErrorCode.XntpAlreadyStarted, ['already-initialised', false]],
  [XP2PErrorCode.ProbeFailed, ['nat-probe-failed', true]],
  [XP2PErrorCode.LocalServerFailed, ['internal', true]],
  [XP2PErrorCode.StreamFailed, ['connection-lost', true]],
  [XP2PErrorCode.ServiceMissing, ['service-missing', false]],
  [XP2PErrorCode.HostUnsupported, ['host-unsupported', false]],
  [XP2PErrorCode.EncryptFailed, ['internal', true]],
  [XP2PErrorCode.DecryptFailed, ['internal', true]],
  [XP2PErrorCode.VoiceFailed, ['voice-rejected', true]],
  [XP2PErrorCode.DownloadFailed, ['download-rejected', true]],
  [XP2PErrorCode.DeviceStateQueryFailed, ['connection-lost', true]],
]);

/** -2401 says that something runs already; the phase says what. */
const EXISTS: Partial<Record<IotErrorPhase, IotErrorReason>> = {
  stream: 'stream-exists',
  voice: 'voice-exists',
  download: 'download-exists',
};

const FALLBACK: Partial<Record<IotErrorPhase, number>> = {
  init: XP2PErrorCode.NotInitialised,
  stream: XP2PErrorCode.StreamFailed,
  voice: XP2PErrorCode.VoiceFailed,
  download: XP2PErrorCode.DownloadFailed,
};

/** The code of a failure to which the plugin gave none. */
function codeWithout(phase: IotErrorPhase): number {
  return FALLBACK[phase] ?? XP2PErrorCode.ServiceMissing;
}

/**
 * An `IotError` of whatever a call of the plugin resolved with, rejected with or threw: a code, a
 * text, `{ errcode, errmsg }`, `{ errCode, errMsg }` or an `Error`.
 */
export function pluginError(phase: IotErrorPhase, name: string, cause: unknown): IotError {
  if (cause instanceof IotError) return cause;
  const given = codeOf(cause);
  const known = given !== null && isKnownCode(given);
  const code = known ? given : codeWithout(phase);
  const [reason, retryable] =
    code === XP2PErrorCode.ServiceExists
      ? ([EXISTS[phase] ?? 'service-exists', false] as const)
      : known
        ? MEANINGS.get(code)!
        : (['internal', true] as const);
  const text = textOf(cause) ?? (given === null ? 'no reason given' : `code ${given}`);
  return new IotError({
    code,
    phase,
    reason,
    message: `the plugin's ${name} failed: ${text}`,
    retryable,
    cause,
  });
}

/** Whether it is a code of the guide that tells of a failure. */
export function isKnownCode(code: number): boolean {
  return code === XP2PErrorCode.ServiceExists || MEANINGS.has(code);
}

/** The plugin did not answer in time. */
export function pluginTimeout(phase: IotErrorPhase, name: string, timeoutMs: number): IotError {
  const message = `the plugin's ${name} did not answer within ${timeoutMs} ms`;
  return phase === 'init'
    ? failure(XP2PErrorCode.ProbeFailed, phase, 'nat-probe-failed', message, true)
    : failure(codeWithout(phase), phase, 'connect-timeout', message, true);
}

/** What the adapter itself has to say. */
export function failure(
  code: number,
  phase: IotErrorPhase,
  reason: IotErrorReason,
  message: string,
  retryable = false,
  status?: number,
): IotError {
  const init = { code, phase, reason, message, retryable };
  return new IotError(status === undefined ? init : { ...init, status });
}

/** -2403: no such service runs, or it has ended. */
export function serviceMissing(phase: IotErrorPhase, message: string): IotError {
  return failure(XP2PErrorCode.ServiceMissing, phase, 'service-missing', message);
}

/** The link to the device is gone; a new service may reach it. */
export function connectionLost(phase: IotErrorPhase): IotError {
  const message = 'the connection to the device is lost';
  return failure(codeWithout(phase), phase, 'connection-lost', message, true);
}

/** -2401: what there may be one of runs. */
export function alreadyRuns(phase: IotErrorPhase, message: string): IotError {
  return failure(XP2PErrorCode.ServiceExists, phase, EXISTS[phase] ?? 'service-exists', message);
}

/** A code as a number, also where it comes as text or inside an object; `null` where there is none. */
export function codeOf(value: unknown): number | null {
  const record = typeof value === 'object' ? recordOf(value) : null;
  const code = record === null ? value : (record['errcode'] ?? record['errCode'] ?? record['code']);
  if (typeof code === 'number' && Number.isInteger(code)) return code;
  return typeof code === 'string' && /^-?\d{1,6}$/.test(code) ? Number(code) : null;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string' && codeOf(value) === null) return value;
  const record = recordOf(value);
  const text = record?.['errmsg'] ?? record?.['errMsg'] ?? record?.['message'];
  return typeof text === 'string' && text !== '' ? text : null;
}
