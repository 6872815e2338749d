import type { Clock } from '../../host';
import type { RequestEvents, RequestOptions } from '../http';
import type { LogLine } from './module-log';
import { paramsOf } from './query';

/** Events that also write each step of a request to the log. */
export function logRequest(
  line: LogLine,
  clock: Clock,
  { method, target }: RequestOptions,
  events: RequestEvents,
): RequestEvents {
  const [path = '', query = ''] = target.split('?');
  const { action, cmd } = paramsOf(query);
  // Other parameters may hold what is nobody's business.
  const what = [method, path, action, cmd?.slice(0, 40)].filter((part) => part !== undefined);
  const name = what.join(' ');
  const startMs = clock.nowMs();
  let bytes = 0;
  const figures = () => ({ bytes, ms: Math.round(clock.nowMs() - startMs) });
  line('log', `${name}: sent`);
  return {
    onHead: (head) => {
      line('log', `${name}: answered`, { status: head.status, ...figures() });
      events.onHead(head);
    },
    onData: (piece) => {
      bytes += piece.length;
      events.onData(piece);
    },
    onEnd: () => {
      line('log', `${name}: ended`, figures());
      events.onEnd();
    },
    onFail: (reason) => {
      line('warn', `${name}: broke off`, { reason, ...figures() });
      events.onFail(reason);
    },
  };
}
