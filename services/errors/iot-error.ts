/** Where in the life of a device session an error arose. */
export type IotErrorPhase =
  'init' | 'connect' | 'stream' | 'command' | 'voice' | 'download' | 'player' | 'session';

/**
 * Why, finer than the seed's code: one reason has one text in the catalogue and one remedy.
 * A reason never changes its meaning; new ones are added.
 */
export type IotErrorReason =
  | 'bad-parameter'
  | 'xp2p-info-malformed'
  | 'device-version-too-low'
  | 'vendor-device'
  | 'host-unsupported'
  | 'host-outdated'
  | 'not-initialised'
  | 'already-initialised'
  | 'service-exists'
  | 'service-missing'
  | 'stream-exists'
  | 'relay-unreachable'
  | 'peer-offline'
  | 'access-denied'
  | 'version-mismatch'
  | 'device-busy'
  | 'device-occupied'
  | 'device-failed'
  | 'connect-timeout'
  | 'connection-lost'
  | 'request-rejected'
  | 'request-timeout'
  | 'stream-ended'
  | 'no-data'
  | 'media-unsupported'
  | 'media-broken'
  | 'player-load-failed'
  | 'local-server-lost'
  | 'microphone-denied'
  | 'nat-probe-failed'
  | 'unsupported-operation'
  | 'voice-exists'
  | 'voice-rejected'
  | 'recorder-failed'
  | 'talk-busy'
  | 'talk-unsupported'
  | 'talk-interrupted'
  | 'no-microphone'
  | 'download-exists'
  | 'download-rejected'
  | 'list-rejected'
  | 'file-damaged'
  | 'storage-full'
  | 'storage-failed'
  | 'album-denied'
  | 'export-unsupported'
  | 'snapshot-failed'
  | 'save-failed'
  | 'recording-empty'
  | 'cancelled'
  | 'internal';

export interface IotErrorInit {
  /** A code of the seed's table (`XP2PErrorCode`). */
  readonly code: number;
  readonly phase: IotErrorPhase;
  readonly reason: IotErrorReason;
  /** English, for logs; users see the catalogue's text of `reason`. */
  readonly message: string;
  /** Whether the same call can succeed later without the user changing anything. */
  readonly retryable: boolean;
  /** The name of the parameter that is wrong, for -2000. */
  readonly field?: string;
  /** HTTP status of the device's answer, where there was one. */
  readonly status?: number;
  readonly cause?: unknown;
}

/**
 * The one error class of the kit.
 *
 * `errcode` and `errmsg` mirror `code` and `message`, so that code written for the seed's rejections
 * (`.catch(({ errcode, errmsg }) => …)`, seed §"初始化模块") keeps working.
 */
export class IotError extends Error {
  override readonly name = 'IotError';
  readonly code: number;
  readonly phase: IotErrorPhase;
  readonly reason: IotErrorReason;
  readonly retryable: boolean;
  readonly field: string | undefined;
  readonly status: number | undefined;
  override readonly cause: unknown;

  constructor(init: IotErrorInit) {
    super(init.message);
    this.code = init.code;
    this.phase = init.phase;
    this.reason = init.reason;
    this.retryable = init.retryable;
    this.field = init.field;
    this.status = init.status;
    this.cause = init.cause;
  }

  get errcode(): number {
    return this.code;
  }

  get errmsg(): string {
    return this.message;
  }
}
