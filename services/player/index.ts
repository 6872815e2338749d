export { PlayerController } from './player-controller';
export type { PlayerControllerOptions, PlayerSource } from './player-controller';
export { PlayerStore } from './player-store';
export type { PlayerSettings } from './player-store';
export type { PlayerStatus, PlayerStatusKind } from './player-status';
export type {
  Attempts,
  P2PRegion,
  PathDownReason,
  PathView,
  PlayerMachineOptions,
  PlayerPhase,
  PlayerRegion,
  PlayerState,
  Recovery,
  StreamRegion,
} from './player-state';
export type { LaunchStep, LaunchStepName, LaunchTrace } from './launch-trace';
export type { PlayerSink, PlayerSinkEvents, SinkProgress, VideoSize } from './sink';
export { liveStreamParams } from './stream-params';
export type { LiveStream, StreamQuality } from './stream-params';
export { FlvFeed } from './flv-feed';
export type { FlvFeedEvents } from './flv-feed';
