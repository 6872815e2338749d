import { encodeUtf8 } from '../encoding';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { Clock } from '../host';
import type { XP2PCommandOptions, XP2PCommandResult } from '../p2p/module';
import { arrayBufferOf } from './array-buffer';
import { unsupported } from './plugin-api';
import type { PluginApi } from './plugin-api';
import { callPlugin } from './plugin-call';
import { codeOf, isKnownCode, pluginError } from './plugin-errors';
import type { PluginService } from './plugin-service';
import { recordOf } from './record';

/** The vendor's native plugins give a command about this long. */
const DEFAULT_TIMEOUT_MS = 7500;
const TYPES: readonly unknown[] = ['success', 'failure', 'error', 'timeout'];

type Result = XP2PCommandResult;

/**
 * `sendCommand` on the plugin. How the request went is in the result, as with the engine, whatever
 * shape the plugin gives it.
 * @throws IotError -2004 for a binary answer before 3.0, and what the plugin says of its parameters
 *   and its service.
 */
export function runCommand(
  api: PluginApi,
  clock: Clock,
  service: PluginService,
  command: string,
  options: XP2PCommandOptions,
): Promise<Result> {
  const { responseType = 'text', timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  if (responseType === 'arraybuffer' && api.isBefore('3.0.0')) {
    const message = `answers of type arraybuffer need the xp2p plugin 3.0.0, not ${api.version}`;
    return Promise.reject(unsupported('command', message));
  }
  const result = (type: Result['type'], errcode: number, errmsg: string, data = ''): Result => ({
    type,
    status: 0,
    data: responseType === 'text' ? data : bufferOf(data),
    errcode,
    errmsg,
  });
  return new Promise((resolve, reject: (error: IotError) => void) => {
    const part = {
      end: () => settle(result('error', XP2PErrorCode.StreamFailed, 'the service has ended')),
    };
    const settle = (value: Result) => {
      cancelTimer();
      service.parts.delete(part);
      resolve(value);
    };
    const cancelTimer = clock.setTimer(timeoutMs, () =>
      settle(result('timeout', XP2PErrorCode.StreamFailed, 'no answer in time')),
    );
    const fail = (cause: unknown) => {
      const error = pluginError('command', 'sendCommand', cause);
      if (error.retryable) return settle(result('error', error.code, error.message));
      cancelTimer();
      service.parts.delete(part);
      reject(error);
    };
    service.parts.add(part);
    const { id } = service.options;
    // The timer above is the one that counts; this one only has to be later.
    const call = { phase: 'command', name: 'sendCommand', timeoutMs: timeoutMs + 1000 } as const;
    service
      .whenStarted('command')
      .then(() => {
        service.log('GET /command');
        return callPlugin(api, clock, call, id, command, { responseType });
      })
      .then((answer) => {
        const read = readResult(answer, responseType);
        service.log(`/command: ${read.type} ${read.status}`);
        settle(read);
      }, fail);
  });
}

/** Early versions leave out what they do not know; some devices append NULs. */
function readResult(answer: unknown, responseType: 'text' | 'arraybuffer'): Result {
  const record = recordOf(answer) ?? {};
  const status = codeOf(record['status']) ?? 0;
  const isOk = status >= 200 && status < 300;
  const type = TYPES.includes(record['type'])
    ? (record['type'] as Result['type'])
    : isOk
      ? 'success'
      : status > 0
        ? 'failure'
        : 'error';
  const given = codeOf(record['errcode']) ?? 0;
  const failed = isKnownCode(given) ? given : XP2PErrorCode.StreamFailed;
  const errcode = type === 'success' ? XP2PErrorCode.Ok : failed;
  const text = record['errmsg'];
  const why = typeof text === 'string' && text !== '' ? text : `the device answered ${status}`;
  return {
    type,
    status,
    data: readData(record['data'], responseType),
    errcode,
    errmsg: type === 'success' ? '' : why,
  };
}

function readData(data: unknown, responseType: 'text' | 'arraybuffer'): string | ArrayBuffer {
  const bytes = arrayBufferOf(data);
  if (responseType === 'arraybuffer') {
    return bytes ?? bufferOf(typeof data === 'string' ? data : '');
  }
  // Some versions hand out what they could parse.
  const text =
    typeof data === 'string' ? data : recordOf(data) === null ? '' : JSON.stringify(data);
  return text.replace(/\0+$/, '');
}

function bufferOf(text: string): ArrayBuffer {
  return encodeUtf8(text).slice().buffer;
}
