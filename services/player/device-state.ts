import { IotError, XP2PErrorCode } from '../errors';
import type { XP2PCommandResult } from '../p2p/module';
import type { LiveAction, LiveStream } from './stream-params';

/** `status` of `get_device_st` (native documents of the vendor): what a camera says before it plays. */
export const DeviceState = {
  Ok: 0,
  Busy: 1,
  BadRequest: 404,
  TooManyViewers: 405,
  Unsupported: 406,
  DeviceError: 407,
} as const;

/** The command that asks whether a stream can be played (guide `needCheckStream`). */
export function deviceStateCommand(
  { channel, quality }: LiveStream,
  action: LiveAction = 'live',
): string {
  const command = `action=inner_define&channel=${channel}&cmd=get_device_st&type=${action}`;
  return action === 'live' ? `${command}&quality=${quality}` : command;
}

/** Reads the answer to it. @returns null when the camera can play */
export function readDeviceState(result: XP2PCommandResult): IotError | null {
  if (result.type === 'timeout' || result.type === 'error') {
    return stateError('request-timeout', `the state query ended in ${result.type}`, true);
  }
  if (result.type === 'failure') {
    const refused = result.status === 401 || result.status === 403;
    return refused
      ? stateError('access-denied', `the state query was refused: ${result.status}`, false)
      : stateError('request-rejected', `the state query failed: ${result.status}`, false);
  }
  const status = statusOf(result.data);
  const message = `the camera’s state is ${status ?? 'not readable'}`;
  switch (status) {
    case DeviceState.Ok:
      return null;
    case DeviceState.Busy:
      return stateError('device-occupied', message, true, status);
    case DeviceState.TooManyViewers:
      return stateError('device-busy', message, true, status);
    case DeviceState.DeviceError:
      return stateError('device-failed', message, true, status);
    case DeviceState.BadRequest:
    case DeviceState.Unsupported:
      return stateError('request-rejected', message, false, status);
    default:
      return stateError('request-rejected', message, false, status ?? undefined);
  }
}

/** Cameras give a number or a string, in an array of one or alone, and old ones end it by NUL. */
function statusOf(data: string | ArrayBuffer): number | null {
  if (typeof data !== 'string') return null;
  try {
    const answer: unknown = JSON.parse(data.replace(/\0+\s*$/, ''));
    const first: unknown = Array.isArray(answer) ? answer[0] : answer;
    if (typeof first !== 'object' || first === null) return null;
    const status = Number.parseInt(String((first as { status?: unknown }).status), 10);
    return Number.isNaN(status) ? null : status;
  } catch {
    return null;
  }
}

function stateError(
  reason: IotError['reason'],
  message: string,
  retryable: boolean,
  status?: number,
): IotError {
  const code = XP2PErrorCode.DeviceStateQueryFailed;
  const init = { code, phase: 'stream', reason, message, retryable } as const;
  return new IotError(status === undefined ? init : { ...init, status });
}
