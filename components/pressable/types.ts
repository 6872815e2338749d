import type { ReactNode } from 'react';

export interface PressableProps {
  /** What it does, for those who cannot see it; not needed where its content is text. */
  readonly label?: string;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}
