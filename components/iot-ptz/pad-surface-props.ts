import type { ReactNode } from 'react';

export interface PadSurfaceProps {
  readonly label: string;
  readonly className: string;
  /** Where the finger is, from the centre, as shares of the radius; downwards is positive. */
  readonly onPoint: (x: number, y: number) => void;
  /** Keys that are held, in the order in which they were pressed. */
  readonly onKeys: (held: readonly string[]) => void;
  readonly onLetGo: (cancelled: boolean) => void;
  readonly children: ReactNode;
}
