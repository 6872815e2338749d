import type { UseIotPtzOptions } from './use-iot-ptz';

export interface IotPtzProps extends UseIotPtzOptions {
  /** Whether presets, home and the round are offered where the camera has them (default true). */
  readonly presets?: boolean;
  readonly className?: string;
  /**
   * For cameras that cannot be steered: the same pad then tells where the hand points, as x and y from
   * -1 to 1 and zoom -1, 0 or 1, so that the app can move a window over the picture. Without it
   * nothing is shown for such a camera.
   */
  readonly onDigital?: (move: DigitalMove | null) => void;
}

/** Where a window over the picture is to go; to the right, downwards and closer are positive. */
export interface DigitalMove {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}
