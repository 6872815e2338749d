import type { XP2PRequestResult } from '../p2p/module';
import { arrayBufferOf } from './array-buffer';
import { codeOf } from './plugin-errors';
import { recordOf } from './record';

/** How a request ended, with every member in its type, whatever the plugin left out. */
export function requestResult(
  result: unknown,
  otherwise: { readonly errcode: number; readonly errmsg: string },
): XP2PRequestResult {
  const record = recordOf(result) ?? {};
  const text = record['errmsg'] ?? record['errMsg'];
  return {
    status: codeOf(record['status']) ?? 0,
    headers: (recordOf(record['headers']) ?? {}) as XP2PRequestResult['headers'],
    data: arrayBufferOf(record['data']) ?? new ArrayBuffer(0),
    errcode: codeOf(record['errcode']) || otherwise.errcode,
    errmsg: typeof text === 'string' && text !== '' ? text : otherwise.errmsg,
  };
}
