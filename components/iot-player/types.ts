import type { UseIotPlayerOptions } from '@components/hooks';
import type { ReactNode } from 'react';

export interface IotPlayerRootProps extends UseIotPlayerOptions {
  /** May use `usePlayer`; one of them should be an `<IotPlayerFrame>`. */
  readonly children: ReactNode;
}

export interface IotPlayerFrameProps {
  /** Shows the kit's own buttons (default true). */
  readonly controls?: boolean;
  readonly className?: string;
  /** Stands over the picture, under status and buttons; may use `usePlayer`. */
  readonly children?: ReactNode;
}

export interface IotPlayerProps extends UseIotPlayerOptions, IotPlayerFrameProps {}
