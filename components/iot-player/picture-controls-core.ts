import type {
  FullscreenView,
  HostFiles,
  PictureControl,
  PlayerView,
  RecordingView,
} from '@components/player-view';
import type { PlainTextKey } from '@services/i18n';
import type { PlayerStatusKind, PlayerStore, StreamQuality } from '@services/player';
import type { Availability } from './availability';

type Picture = PictureControl | null;
type Status = Pick<PlayerStore, 'status'>;

export interface ControlState {
  readonly availability: Availability;
  /** What pressing it does. */
  readonly label: PlainTextKey;
}

export interface QualityMenuState {
  readonly availability: Availability;
  readonly chosen: StreamQuality;
  readonly items: readonly { readonly quality: StreamQuality; readonly label: QualityLabel }[];
}

export type QualityLabel = `quality.${StreamQuality}`;

/** What cameras of the seed offer. */
export const ALL_QUALITIES: readonly StreamQuality[] = ['standard', 'high', 'super'];

/** The quality menu without a look; of use also where the camera refuses the present quality. */
export function qualityMenuState(
  store: Status,
  chosen: StreamQuality,
  qualities: readonly StreamQuality[],
): QualityMenuState {
  const refused = store.status.error?.reason === 'request-rejected';
  return {
    availability:
      qualities.length < 2
        ? 'unsupported'
        : refused
          ? 'available'
          : withPicture(store, 'available'),
    chosen,
    items: qualities.map((quality) => ({ quality, label: `quality.${quality}` })),
  };
}

/** Fit or fill. */
export function fitButtonState(
  picture: Picture,
  store: Status,
  { fit }: Pick<PlayerView, 'fit'>,
): ControlState {
  return {
    availability: withPicture(store, supported(picture, picture?.canFill === true)),
    label: fit === 'contain' ? 'control.fill' : 'control.fit',
  };
}

export function rotateButtonState(picture: Picture, store: Status): ControlState {
  return {
    availability: withPicture(store, supported(picture, (picture?.rotations.length ?? 0) > 1)),
    label: 'control.rotate',
  };
}

/** Loudspeaker or earpiece. */
export function soundModeState(
  picture: Picture,
  store: Status & Pick<PlayerStore, 'muted'>,
  { soundMode }: Pick<PlayerView, 'soundMode'>,
): ControlState {
  const can = supported(picture, picture?.hasSoundMode === true);
  return {
    // Where nothing is heard there is nothing to choose.
    availability: can === 'available' && store.muted ? 'unavailable' : withPicture(store, can),
    label: soundMode === 'speaker' ? 'control.ear' : 'control.speaker',
  };
}

export function pipButtonState(
  picture: Picture,
  store: Status,
  { inPictureInPicture }: Pick<PlayerView, 'inPictureInPicture'>,
): ControlState {
  return {
    availability: withPicture(store, supported(picture, picture?.pictureInPicture != null)),
    label: inPictureInPicture ? 'control.leave-pip' : 'control.pip',
  };
}

/** Every host has some full screen: where it has none of its own, the player fills the page. */
export function fullscreenButtonState(store: Status, fullscreen: FullscreenView): ControlState {
  const isOff = fullscreen === 'off';
  return {
    // The way back is always open.
    availability: isOff ? withPicture(store, 'available') : 'available',
    label: isOff ? 'control.fullscreen' : 'control.leave-fullscreen',
  };
}

export function zoomResetState({ zoom }: Pick<PlayerView, 'zoom'>): ControlState {
  return {
    availability: zoom.scale > 1 ? 'available' : 'unavailable',
    label: 'control.zoom-reset',
  };
}

export function snapshotButtonState(picture: Picture, store: Status): ControlState {
  return {
    availability: withPicture(store, supported(picture, picture?.snapshot != null)),
    label: 'control.snapshot',
  };
}

/** A recording can be ended in every state, and begun while there is something to record. */
export function recordButtonState(
  picture: Picture,
  { status }: Status,
  files: Pick<HostFiles, 'createRecording'>,
  recording: RecordingView,
): ControlState {
  if (recording.kind === 'unsaved') {
    return { availability: 'available', label: 'control.save-recording' };
  }
  if (recording.kind !== 'idle') {
    return { availability: 'available', label: 'control.stop-recording' };
  }
  const can = supported(picture, picture?.tap != null && files.createRecording !== null);
  const moves = status.kind === 'playing' || status.kind === 'waiting';
  return {
    availability: can === 'available' && !moves ? 'unavailable' : can,
    label: 'control.record',
  };
}

/** `1:05`, `1:02:05`. */
export function clockText(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  const rest = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

function supported(picture: Picture, can: boolean): Availability {
  if (picture === null) return 'unavailable';
  return can ? 'available' : 'unsupported';
}

/** Where something has failed, its words and its button stand alone. */
const WITH_PICTURE: readonly PlayerStatusKind[] = ['playing', 'waiting', 'loading', 'stopped'];

function withPicture({ status }: Status, availability: Availability): Availability {
  const shows = status.hasPicture && WITH_PICTURE.includes(status.kind);
  return availability === 'available' && !shows ? 'unavailable' : availability;
}
