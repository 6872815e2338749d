export { innerCommand, plainCommand, userCommand } from './encode-command';
export type { CommandParams } from './encode-command';
export { deviceStatus, fieldOf, readAnswer, readFlag, readJson, readNumber } from './read-answer';
export type { CommandAnswer, DeviceStatus } from './read-answer';
export { CommandLine } from './command-line';
export type { CommandLineOptions } from './command-line';
export { queryCapabilities } from './capabilities';
export type { CallFeatures, CameraCapabilities, PtzFeatures, TalkFeatures } from './capabilities';
