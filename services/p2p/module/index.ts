export type { PathInfo, PathState } from '../endpoint';
export { createP2PModule } from './p2p-module';
export { XP2PEventEnum, XP2PLocalEventEnum, XP2PNotify_SubType } from './types';
export type {
  P2PModule,
  XP2PAppParams,
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PFlv,
  XP2PInitParams,
  XP2PLocalEvent,
  XP2PMsgCallback,
  XP2PParsedDetail,
  XP2PServiceCallbacks,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './types';
export { decodeXp2pInfo, encodeXp2pInfo } from './xp2p-info';
export type { Xp2pInfo } from './xp2p-info';
