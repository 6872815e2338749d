import type { StreamTap } from '@services/recorder';
import type { PictureZoom } from './picture-zoom';

export type PictureFit = 'contain' | 'cover';

/** Degrees clockwise. */
export type PictureRotation = 0 | 90 | 180 | 270;

/** Upright only. */
export const UPRIGHT: readonly PictureRotation[] = [0];
export const ALL_ROTATIONS: readonly PictureRotation[] = [0, 90, 180, 270];

/** What the sound comes out of: the loudspeaker, or the earpiece of a phone. */
export type SoundMode = 'speaker' | 'ear';

/** A snapshot where the host keeps it: bytes in memory, or a file of its own. */
export type Snapshot =
  { readonly kind: 'blob'; readonly blob: Blob } | { readonly kind: 'file'; readonly path: string };

/** A way to show the picture that the host may also begin or end by itself. */
export interface HostMode {
  /** Rejects where the host refuses. */
  enter(): Promise<void>;
  leave(): Promise<void>;
  /** @returns ends the listening */
  onChange(listener: (on: boolean) => void): () => void;
}

/** What a surface can do beside showing a stream; null and false where the host cannot. */
export interface PictureControl {
  /** Whether `setVolume` of its sink changes anything. */
  readonly hasVolume: boolean;
  readonly canFill: boolean;
  /** The turns that it can be shown in, upright first. */
  readonly rotations: readonly PictureRotation[];
  /** Whether its sound can come out of the earpiece. */
  readonly hasSoundMode: boolean;
  readonly setZoom: ((zoom: PictureZoom) => void) | null;
  /** The picture in its own size, turned as it is shown. */
  readonly snapshot: ((rotation: PictureRotation) => Promise<Snapshot>) | null;
  readonly pictureInPicture: HostMode | null;
  /** Full screen of the picture alone, where the host has no other. */
  readonly fullscreen: HostMode | null;
  /** The stream that it shows. */
  readonly tap: StreamTap | null;
}
