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

/** `0:07`, `12:30`, `1:02:03`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
