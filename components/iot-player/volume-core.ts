import type { PictureControl } from '@components/player-view';
import type { PlayerStore } from '@services/player';
import type { Availability } from './availability';
import { muteButtonState } from './mute-button-core';

export interface VolumeState {
  readonly availability: Availability;
  /** 0 to 100, as it is heard: 0 while the sound is off. */
  readonly percent: number;
}

/** The volume without a look. */
export function volumeState(
  store: Pick<PlayerStore, 'muted' | 'volume' | 'status'>,
  picture: Pick<PictureControl, 'hasVolume'> | null,
): VolumeState {
  const percent = store.muted ? 0 : Math.round(store.volume * 100);
  if (picture?.hasVolume === false) return { availability: 'unsupported', percent };
  const available = picture !== null && muteButtonState(store).availability === 'available';
  return { availability: available ? 'available' : 'unavailable', percent };
}
