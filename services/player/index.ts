export { PlayerController } from './player-controller';
export type { PlayerControllerOptions } from './player-controller';
export type { PauseCondition, PausePolicy } from './player-presence';
export type { PlayerHistoryEntry } from './player-history';
export type { SoundPolicy } from './player-sound';
export { PlayerStore } from './player-store';
export type { PlayerSettings, PlayerValues } from './player-store';
export type { PlayerStatus, PlayerStatusKind } from './player-status';
export type {
  Attempts,
  FeedFigures,
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
export type { LaunchStep, LaunchStepName, LaunchTrace, StartAction } from './launch-trace';
export { diagnosticsLines, diagnosticsOf, historyLines } from './diagnostics';
export type { DiagnosticsContext, DiagnosticsLine, PlayerDiagnostics } from './diagnostics';
export type { MuteCause, MuteCondition, UnmuteCondition } from './sound-group';
export type { StreamStats } from './stream-meter';
export { DeviceState } from './device-state';
export type { PlayerSink, PlayerSinkEvents, SinkPacing, SinkProgress, VideoSize } from './sink';
export { liveStreamParams, surfaceKindOf } from './stream-params';
export type {
  LiveAction,
  LiveStream,
  PlayerSource,
  StreamQuality,
  SurfaceKind,
} from './stream-params';
export { FlvFeed } from './flv-feed';
export type { FlvFeedEvents } from './flv-feed';
