import { XP2PErrorCode } from '../../errors';
import type { CancelTimer, Clock } from '../../host';
import type { Connection } from '../endpoint';
import type { RequestHandle } from '../http';
import { decodeUtf8 } from '../../encoding';
import { StreamPriority } from '../session';
import { safeQuery } from './parameters';
import type { XP2PCommandOptions, XP2PCommandResult } from './types';

/** The seed's native plugins give a command about this long. */
export const DEFAULT_COMMAND_TIMEOUT_MS = 7500;
/** An answer longer than this is cut off as an error. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends one command and collects its answer (seed §sendCommand). Never rejects: `type` tells how it
 * went. The request is not repeated, since commands need not be idempotent.
 */
export function runCommand(
  connection: Connection,
  clock: Clock,
  command: string,
  options: XP2PCommandOptions,
): Promise<XP2PCommandResult> {
  return new Promise((resolve) => {
    const pieces: Uint8Array[] = [];
    let length = 0;
    let status = 0;
    let cancelTimer: CancelTimer = () => undefined;
    let handle: RequestHandle | null = null;
    const settle = (type: XP2PCommandResult['type'], errmsg: string) => {
      cancelTimer();
      const errcode = type === 'success' ? XP2PErrorCode.Ok : XP2PErrorCode.StreamFailed;
      const body = join(pieces, length);
      const data = options.responseType === 'arraybuffer' ? body.buffer : textOf(body);
      resolve({ type, status, data, errcode, errmsg });
    };
    const giveUp = () => connection.batch(() => handle?.cancel());
    handle = connection.request(
      {
        method: 'GET',
        target: `/command?${safeQuery(command)}`,
        priority: StreamPriority.Command,
      },
      {
        onHead: (head) => {
          status = head.status;
        },
        onData: (bytes) => {
          length += bytes.length;
          pieces.push(bytes);
          if (length <= MAX_ANSWER_BYTES) return;
          pieces.length = 0;
          length = 0;
          giveUp();
          settle('error', 'the answer is too long');
        },
        onEnd: () => {
          const ok = status >= 200 && status < 300;
          settle(ok ? 'success' : 'failure', ok ? '' : `the device answered ${status}`);
        },
        onFail: (reason) => settle('error', `no whole answer: ${reason}`),
      },
    );
    if (handle === null) {
      settle('error', 'the connection takes no request');
      return;
    }
    cancelTimer = clock.setTimer(options.timeoutMs ?? DEFAULT_COMMAND_TIMEOUT_MS, () => {
      giveUp();
      settle('timeout', 'no answer in time');
    });
  });
}

function join(pieces: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

/** Devices end some answers with NULs; the seed's plugin has cut them since 1.0.2. */
function textOf(body: Uint8Array): string {
  return decodeUtf8(body).replace(/\0+$/, '');
}
