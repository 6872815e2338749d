export { IotPtz } from './iot-ptz';
export type { DigitalMove, IotPtzProps } from './types';
export { useIotPtz } from './use-iot-ptz';
export type { UseIotPtzOptions } from './use-iot-ptz';
