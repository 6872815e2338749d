import { decodeUtf8 } from '../../encoding';
import { XP2PErrorCode } from '../../errors';
import type { CancelTimer, Clock } from '../../host';
import type { RequestHandle } from '../http';
import { StreamPriority } from '../session';
import { AnswerCollector } from './answer-collector';
import { safeQuery } from './query';
import type { RequestChannel } from './request-channel';
import type { XP2PCommandOptions, XP2PCommandResult } from './service-types';

/** The vendor's native plugins give a command about this long. */
export const DEFAULT_COMMAND_TIMEOUT_MS = 7500;
/** An answer longer than this is cut off as an error. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Sends one command and collects its answer (guide §sendCommand). Never rejects: `type` tells how it
 * went. The request is not repeated, since commands need not be idempotent.
 */
export function runCommand(
  channel: RequestChannel,
  clock: Clock,
  command: string,
  options: XP2PCommandOptions,
): Promise<XP2PCommandResult> {
  return new Promise((resolve) => {
    let answer = new AnswerCollector(MAX_ANSWER_BYTES);
    let cancelTimer: CancelTimer = () => undefined;
    let handle: RequestHandle | null = null;
    const settle = (type: XP2PCommandResult['type'], errmsg: string) => {
      cancelTimer();
      const errcode = type === 'success' ? XP2PErrorCode.Ok : XP2PErrorCode.StreamFailed;
      const body = answer.body();
      const data = options.responseType === 'arraybuffer' ? body.buffer : textOf(body);
      resolve({ type, status: answer.status, data, errcode, errmsg });
    };
    const giveUp = () => channel.batch(() => handle?.cancel());
    handle = channel.request(
      {
        method: 'GET',
        target: `/command?${safeQuery(command)}`,
        priority: StreamPriority.Command,
      },
      {
        onHead: (head) => answer.onHead(head),
        onData: (bytes) => {
          if (answer.onData(bytes)) return;
          const { status } = answer;
          answer = new AnswerCollector(0);
          answer.status = status;
          giveUp();
          settle('error', 'the answer is too long');
        },
        onEnd: () => {
          const { isOk, status } = answer;
          settle(isOk ? 'success' : 'failure', isOk ? '' : `the device answered ${status}`);
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

/** Devices end some answers with NULs; the plugin has cut them since 1.0.2. */
function textOf(body: Uint8Array): string {
  return decodeUtf8(body).replace(/\0+$/, '');
}
