export { DeviceSessions } from './device-sessions';
export type { DeviceModuleInfo, DeviceSessionsOptions } from './device-sessions';
export { sendsPictures } from './sends-pictures';
export type { DeviceLease } from './device-lease';
export type {
  DeviceLeaseEvents,
  DeviceStreamEvents,
  DeviceStreamOptions,
  IotDevice,
} from './types';
export { toIotError } from './to-iot-error';
