import type { PlainTextKey } from '@services/i18n';
import type { PlayerStatusKind, PlayerStore } from '@services/player';
import type { Availability } from './availability';

export interface RetryButtonState {
  readonly availability: Availability;
  /** What pressing it does. */
  readonly act: 'play' | 'retry';
  readonly label: PlainTextKey;
}

const STATES: Readonly<Record<PlayerStatusKind, RetryButtonState>> = {
  stopped: { availability: 'available', act: 'play', label: 'control.play' },
  blocked: { availability: 'available', act: 'play', label: 'control.play' },
  // On the way already: a second try would only begin it anew.
  loading: { availability: 'unavailable', act: 'retry', label: 'control.retry' },
  playing: { availability: 'available', act: 'retry', label: 'control.refresh' },
  waiting: { availability: 'available', act: 'retry', label: 'control.refresh' },
  reconnecting: { availability: 'available', act: 'retry', label: 'control.retry' },
  error: { availability: 'available', act: 'retry', label: 'control.retry' },
};

/** The one button that begins, or begins anew, without a look. */
export function retryButtonState({ status }: Pick<PlayerStore, 'status'>): RetryButtonState {
  return STATES[status.kind];
}
