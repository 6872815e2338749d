import type { UseIotPlayerOptions } from '@components/hooks';
import type { StreamQuality } from '@services/player';
import type { ReactNode } from 'react';

export interface IotPlayerRootProps extends UseIotPlayerOptions {
  /** May use `usePlayer`; one of them should be an `<IotPlayerFrame>`. */
  readonly children: ReactNode;
}

export interface IotPlayerFrameProps {
  /** Shows the kit's own buttons (default true). */
  readonly controls?: boolean;
  /** What there is to choose from (default: what the camera tells, else all); fewer than two: no menu. */
  readonly qualities?: readonly StreamQuality[];
  /** Address of what is shown until there is a picture. */
  readonly poster?: string;
  readonly className?: string;
  /** Stands over the picture, under status and buttons; may use `usePlayer`. */
  readonly children?: ReactNode;
}

export interface IotPlayerProps extends UseIotPlayerOptions, IotPlayerFrameProps {}
