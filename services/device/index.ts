export { DeviceSessions } from './device-sessions';
export type { DeviceSessionsOptions } from './device-sessions';
export type { DeviceLease } from './device-lease';
export type { DeviceLeaseEvents, DeviceStreamEvents, IotDevice } from './types';
export { toIotError } from './to-iot-error';
