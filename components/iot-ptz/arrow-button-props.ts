import type { ReactNode } from 'react';

export interface ArrowButtonProps {
  readonly label: string;
  readonly className: string;
  readonly pressed: boolean;
  readonly onHold: () => void;
  readonly onLetGo: (cancelled: boolean) => void;
  readonly children: ReactNode;
}
