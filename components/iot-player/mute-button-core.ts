import type { PlainTextKey } from '@services/i18n';
import type { PlayerStatusKind, PlayerStore } from '@services/player';
import type { Availability } from './availability';

export interface MuteButtonState {
  readonly availability: Availability;
  readonly muted: boolean;
  /** What pressing it does. */
  readonly label: PlainTextKey;
}

/** There is sound to switch while there is a picture, or soon will be again. */
const WITH_SOUND: readonly PlayerStatusKind[] = ['playing', 'waiting', 'loading'];

/** The mute button without a look. */
export function muteButtonState({
  muted,
  status,
}: Pick<PlayerStore, 'muted' | 'status'>): MuteButtonState {
  return {
    availability:
      status.hasPicture && WITH_SOUND.includes(status.kind) ? 'available' : 'unavailable',
    muted,
    label: muted ? 'control.unmute' : 'control.mute',
  };
}
