import type { ReactNode } from 'react';

export interface HoldButtonProps {
  readonly label: string;
  readonly className?: string;
  readonly disabled?: boolean;
  /** Whether it is held at present, or switched on by a tap. */
  readonly pressed: boolean;
  readonly onHold: () => void;
  /** The finger has left; `cancelled` when something took it away. */
  readonly onLetGo: (cancelled: boolean) => void;
  /** Pressed without holding: a screen reader has no finger. Default: `onHold`, then `onLetGo`. */
  readonly onTap?: () => void;
  readonly children: ReactNode;
}
