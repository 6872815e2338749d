import type { PlayerSink } from '@services/player';

export interface PlayerSurfaceProps {
  /** Gets the surface's sink once it is on the page, and null when it leaves. Keep it stable. */
  readonly onSink: (sink: PlayerSink | null) => void;
  /** What the picture shows, for those who cannot see it. */
  readonly label: string;
}
