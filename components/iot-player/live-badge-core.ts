import type { PlayerStore } from '@services/player';
import type { Availability } from './availability';

export interface LiveBadgeState {
  /** Shown only while the picture is what happens now. */
  readonly availability: Availability;
}

export function liveBadgeState({ playing }: Pick<PlayerStore, 'playing'>): LiveBadgeState {
  return { availability: playing ? 'available' : 'unavailable' };
}
