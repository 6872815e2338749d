import type { ReactNode } from 'react';

export interface PressableProps {
  /** What it does, for those who cannot see it; not needed where its content is text. */
  readonly label?: string;
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly className?: string;
  /** An item of a menu; a button otherwise. */
  readonly role?: 'menuitem' | 'menuitemradio';
  /** Whether it is the chosen one, or is on. */
  readonly checked?: boolean;
  /** Whether the menu that it opens is open. */
  readonly expanded?: boolean;
  /** Whether what it folds is unfolded. */
  readonly unfolded?: boolean;
  readonly children: ReactNode;
}
