import type { PlainTextKey } from '@services/i18n';
import type { CallEnd, CallPhase } from '@services/call';

/** What is going on. */
export const PHASE_TEXTS: Readonly<Record<Exclude<CallPhase, 'idle' | 'talking'>, PlainTextKey>> = {
  preparing: 'call.preparing',
  calling: 'call.calling',
  ringing: 'call.ringing',
  connecting: 'call.connecting',
};

/** How the latest call ended; of a failure its error tells. */
export const END_TEXTS: Readonly<Record<Exclude<CallEnd, 'failed'>, PlainTextKey>> = {
  'hung-up': 'call.end.hung-up',
  ended: 'call.end.ended',
  rejected: 'call.end.rejected',
  busy: 'call.end.busy',
  unanswered: 'call.end.unanswered',
  missed: 'call.end.missed',
  'answered-elsewhere': 'call.end.answered-elsewhere',
  unsupported: 'call.end.unsupported',
};
