/** Error codes of the seed, "附录:错误码汇总". Names are ours, numbers are the seed's. */
export const XP2PErrorCode = {
  Ok: 0,
  BadParameter: -2000,
  XP2PInfoMalformed: -2001,
  NotInitialised: -2002,
  AlreadyInitialised: -2003,
  Unsupported: -2004,
  DeviceVersionTooLow: -2005,
  XntpAlreadyStarted: -2201,
  ProbeFailed: -2202,
  LocalServerFailed: -2301,
  ServiceExists: -2401,
  StreamFailed: -2402,
  ServiceMissing: -2403,
  HostUnsupported: -2404,
  EncryptFailed: -2501,
  DecryptFailed: -2502,
  VoiceFailed: -2601,
  DownloadFailed: -2701,
  DeviceStateQueryFailed: -2801,
} as const;

export type XP2PErrorCode = (typeof XP2PErrorCode)[keyof typeof XP2PErrorCode];
