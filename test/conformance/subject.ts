import type { HeaderFields } from '../../services/p2p/http';
import type { P2PModule, XP2PInitParams } from '../../services/p2p/module';

/*
 * How to put a module to the guide's test:
 *
 *   describeGuide('my module', { create: () => createMySubject(), … });
 *
 * `create` makes one `Subject` for each test: a module that was not initialised yet, and one device that
 * is online. Tests that need more than every subject has are left out, and shown as skipped: those of a
 * device's own answers where `device` is null, those of the NAT where `nat` is null. What a subject
 * cannot do at all, such as a file download of an old plugin, stands in `lacks`.
 *
 * The suite holds no time: it waits by `settle`, `until` and `pause`, which let the subject's time pass.
 */

/** A request as it came to the device. */
export interface DeviceRequest {
  readonly method: string;
  /** `/ipc.flv`, `/command`, `/voice` or `/file`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: HeaderFields;
  /** The body so far. */
  body(): Uint8Array;
  /** Whether the body has come to its end. */
  ended(): boolean;
}

/** What the device does with a request. */
export interface DeviceAnswer {
  readonly status: number;
  readonly headers?: HeaderFields;
  readonly chunks?: readonly Uint8Array[];
  /** What follows the chunks: the answer's end, its breaking off, or nothing. */
  readonly then: 'end' | 'abort' | 'hold';
  /** Wait for the end of the request's body before answering. */
  readonly afterBody?: boolean;
}

export interface ScriptedDevice {
  /** In the order of arrival. */
  readonly requests: readonly DeviceRequest[];
  /** Answers all requests from now on; null: no answer at all. */
  script(answer: (request: DeviceRequest) => DeviceAnswer | null): void;
}

export interface Subject {
  readonly module: P2PModule;
  /** The device's. With an `m` at its end it names the same device as one that sends pictures. */
  readonly xp2pInfo: string;
  /** Null for a device that cannot be told what to answer: a live stream, and 404 for unknown files. */
  readonly device: ScriptedDevice | null;
  /** What `init` needs besides the guide's parameters. */
  readonly initExtra: Pick<XP2PInitParams, 'stunServers'>;
  /** Power over the local NAT. */
  readonly nat: {
    /** No STUN server answers any more. */
    block(): void;
    /** Servers answer again. */
    unblock(): void;
    /** Another NAT than before stands before the module. */
    change(): void;
  } | null;
  /** The device is gone, for good and without a word. */
  loseDevice(): void;
  /** Lets time pass until the promise settles, and returns it. */
  settle<T>(promise: Promise<T>): Promise<T>;
  /** Lets time pass until it holds. @throws Error when it does not for long. */
  until(condition: () => boolean): Promise<void>;
  /** Lets a second pass, for what must not happen. */
  pause(): Promise<void>;
  close(): void | Promise<void>;
}

export type Ability =
  | 'device'
  | 'nat'
  | 'lose'
  | 'voice'
  | 'download'
  /** What early plugins lack: a UUID, modules per device version, … */
  | 'uuid'
  | 'versions'
  /** … answers of type arraybuffer, two streams of a picture device, … */
  | 'binary-command'
  | 'two-streams'
  /** … and `offCrypto` of `startVoice`. */
  | 'plain-voice';

export interface SubjectKind {
  readonly create: () => Promise<Subject>;
  /** What subjects of this kind do not have. */
  readonly lacks?: readonly Ability[];
}
