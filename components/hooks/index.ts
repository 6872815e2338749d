export { useCameraController } from './use-camera-controller';
export type { CameraController, CameraControllerOptions } from './use-camera-controller';
export { useIotPlayer } from './use-iot-player';
export type { IotPlayerHandle, IotPlayerModel, UseIotPlayerOptions } from './use-iot-player';
export { useText } from './use-text';
