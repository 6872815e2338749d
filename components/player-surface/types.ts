import type {
  PictureControl,
  PictureFit,
  PictureRotation,
  SoundMode,
} from '@components/player-view';
import type { PlayerSink } from '@services/player';
import type { ReactNode } from 'react';

export interface PlayerSurfaceProps {
  /** What the camera sends: a video, or a JPEG after the other (default `video`). Read once. */
  readonly kind?: 'video' | 'pictures';
  /** Gets the surface's sink once it is on the page, and null when it leaves. Keep it stable. */
  readonly onSink: (sink: PlayerSink | null) => void;
  /** Gets what the surface can do beside that, and null when it leaves. Keep it stable. */
  readonly onPicture?: (picture: PictureControl | null) => void;
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
  /** The whole picture, or no empty edges (default `contain`). */
  readonly fit?: PictureFit;
  /** Default 0; where the host can. */
  readonly rotation?: PictureRotation;
  /** Default `speaker`; where the host can. */
  readonly soundMode?: SoundMode;
  /** Stands over the picture where the host's own full screen shows nothing else. */
  readonly overlay?: ReactNode;
}
