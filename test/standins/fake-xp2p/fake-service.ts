import type { ScriptedDevice } from './scripted-device';

export type Message = (event: string, subtype: string, detail?: unknown) => void;

export interface FakeCallbacks {
  readonly msgCallback: Message;
  readonly dataCallback?: (data: ArrayBuffer) => void;
}

export interface FakeStreamParams {
  readonly flv?: { readonly filename: string; readonly params: string };
  readonly msgCallback?: Message;
  readonly dataCallback: (data: ArrayBuffer) => void;
}

export interface FakeStream {
  readonly key: string;
  readonly params: FakeStreamParams;
  over: boolean;
}

export interface FakeStreamInfo {
  readonly url?: string;
  readonly xp2pInfo?: string;
}

/** One `startP2PService` inside the plugin. */
export interface FakeService {
  readonly id: string;
  readonly streamInfo: FakeStreamInfo;
  callbacks: FakeCallbacks;
  /** `undefined`: nobody has this xp2pInfo (any more). */
  readonly device: ScriptedDevice | undefined;
  ready: boolean;
  over: boolean;
  readonly streams: Map<string, FakeStream>;
  /** Ends the talk, the download. */
  stopVoice: (() => void) | null;
  stopDownload: (() => void) | null;
}
