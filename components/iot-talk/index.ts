export { IotTalk } from './iot-talk';
export type { IotTalkProps } from './iot-talk';
export { useIotTalk } from './use-iot-talk';
export type { UseIotTalkOptions } from './use-iot-talk';
export { TalkPusherSurface, useTalkPusher } from './pusher-surface';
export type { TalkPusher, TalkPusherSurfaceProps } from './talk-pusher';
export type { PusherSettings } from './pusher-events';
export type { TalkCapture } from './capture-source';
export type { MicrophoneConstraints } from './browser-recorder';
