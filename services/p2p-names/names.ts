import { XP2PErrorCode } from '../errors';

/** `event` of a `msgCallback` (guide §startP2PService). `Path` and `Feedback` are ours. */
export const XP2PEventEnum = {
  Notify: 'notify',
  /** Statistics of 1vN; this engine sends none. */
  DevNotify: 'devNotify',
  /** A line of the log, while a log switch is on; `subtype` is an `XP2PLogLevel`. */
  Log: 'log',
  /** How the session reaches the camera: `subtype` is a `PathState`, `detail` a `PathInfo`. */
  Path: 'path',
  /** A message that the camera sends by itself: `detail` is its JSON, as text or read already. */
  Feedback: 'feedback',
} as const;

/**
 * `event` of a service's own messages where a stream has its own `msgCallback` (3.x). The same string
 * as `XP2PEventEnum.Notify`, so that code written for either generation understands it.
 */
export const XP2PServiceEventEnum = { ServiceNotify: 'notify' } as const;

/** `subtype` of event `notify` (guide §startP2PService); `Success` and `Fail` since 3.x. */
export const XP2PNotify_SubType = {
  Connected: 'connected',
  Request: 'request',
  Parsed: 'parsed',
  Success: 'success',
  Eof: 'eof',
  Fail: 'fail',
  Close: 'close',
  Disconnect: 'disconnect',
} as const;

/** `subtype` of event `devNotify`: 1vN only. */
export const XP2PDevNotify_SubType = {
  InnerUrl: 'innerUrl',
  Peerlist: 'peerlist',
  Subscribe: 'subscribe',
  P2P: 'P2P',
  CDN: 'CDN',
  Peers: 'peers',
  Parent: 'parent',
  Err: 'err',
  RTLog: 'rtLog',
} as const;

/** `event` of the `eventHandler` (guide §init). */
export const XP2PLocalEventEnum = { NATChanged: 'natChanged', NATError: 'natError' } as const;

/** The device SDKs that a 3.x `init` tells apart; a service takes the one its `xp2pInfo` names. */
export const DeviceVersion = { Device_2_3: '2.3', Device_2_4: '2.4' } as const;

/** `source` of the beta's `init`. */
export const XP2PSource = { IPC: 1, IoTP2PServer: 3 } as const;

export type XP2PLocalEvent = (typeof XP2PLocalEventEnum)[keyof typeof XP2PLocalEventEnum];
export type XP2PDeviceVersion = (typeof DeviceVersion)[keyof typeof DeviceVersion];
/** `subtype` of event `log` (guide §startP2PService). */
export type XP2PLogLevel = 'log' | 'info' | 'warn' | 'error';

/** All of the module's constants, as the plugin exports them. */
export const P2P_NAMES = {
  XP2PEventEnum,
  XP2PServiceEventEnum,
  XP2PNotify_SubType,
  XP2PDevNotify_SubType,
  XP2PLocalEventEnum,
  DeviceVersion,
  XP2PSource,
  /** Ours: the codes by name (guide §附录:错误码汇总). */
  XP2PErrorCode,
} as const;
