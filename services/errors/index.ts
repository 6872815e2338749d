export { IotError } from './iot-error';
export type { IotErrorInit, IotErrorPhase, IotErrorReason } from './iot-error';
export { XP2PErrorCode } from './error-code';
