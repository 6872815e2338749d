export { IotTalk } from './iot-talk';
export type { IotTalkProps } from './iot-talk';
export { useIotTalk } from './use-iot-talk';
export type { UseIotTalkOptions } from './use-iot-talk';
export type { MicrophoneConstraints } from './browser-recorder';
