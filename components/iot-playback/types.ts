import type { TimelineInput } from '@services/playback';
import type { ReactNode } from 'react';

export interface KeyAreaProps {
  readonly className: string;
  readonly role: 'grid' | 'group';
  readonly label: string;
  /** @returns whether the key did anything. */
  readonly onKey: (key: string) => boolean;
  readonly children: ReactNode;
}

export interface TimelineTrackProps {
  readonly className: string;
  readonly label: string;
  /** The value of the slider: seconds of the day, of how many, and in words. */
  readonly valueS: number;
  readonly maxS: number;
  readonly valueText: string;
  /** How much of its height, from above, is the ruler. */
  readonly rulerShare: number;
  readonly onInput: (input: TimelineInput) => void;
  /** A wheel: how many times as much is to be visible, with the moment at a share of the width kept. */
  readonly onZoom: (factor: number, share: number) => void;
  /** @returns whether the key did anything. */
  readonly onKey: (key: string) => boolean;
  readonly children: ReactNode;
}

export interface ClipEdgeProps {
  readonly label: string;
  /** The value of the slider: seconds of the day, of how many, and in words. */
  readonly valueS: number;
  readonly maxS: number;
  readonly valueText: string;
  /** @returns whether the key did anything. */
  readonly onKey: (key: string) => boolean;
}
