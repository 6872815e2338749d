import type { Logger } from 'pino';
import type { Host } from '../../services/host';
import type { CallAct, CallReply } from './call/call';
import type { CallPhase } from './call/call-machine';
import type { CameraInput } from './camera-input';
import type { PtzAxis } from './capabilities';
import type { Quirk } from './commands/quirks';
import { DEFAULT_DEVICE_VERSION } from './device-version';

/** What has a default. */
export interface CameraSettings {
  /** What the channels show, in turn. */
  readonly inputs: readonly CameraInput[];
  readonly maxViewers: number;
  /** Highest bit rate of a picture, kbit/s; null: no limit. */
  readonly maxKbps: number | null;
  /** Passes H.265 of network cameras on. */
  readonly keepH265: boolean;
  /** Size of the card in bytes; null: no recording. */
  readonly cardBytes: number | null;
  /** So many past days are filled with the bundled clip, for demos. */
  readonly demoDays: number;
  /** Empty: the camera does not move. */
  readonly ptzAxes: readonly PtzAxis[];
  /** Whether one can talk to it. */
  readonly talk: boolean;
  /** What it does when a viewer calls. */
  readonly callReply: CallReply;
  /** How long it rings before that, in ms. */
  readonly callReplyAfterMs: number;
  /** The loudspeaker, as ffmpeg calls it; null: what is said is kept only. */
  readonly talkDevice: string | null;
  /** SDK version that the camera claims: 2.3.x or 2.4.x. */
  readonly deviceVersion: string;
  /** A camera of pictures and sound apart: flag `m`. */
  readonly pictureStream: boolean;
  /** In what its firmware is bad. */
  readonly quirks: ReadonlySet<Quirk>;
  /** Makes every xp2pInfo that was given out useless. */
  readonly rotateSecret: boolean;
}

/** What a camera is started with; `CAMERA_DEFAULTS` fills in what is left out. */
export interface CameraOptions extends Partial<CameraSettings> {
  /** `ws:` or `wss:` URL at which the camera registers. */
  readonly relayUrl: string;
  /** The URL by which viewers reach that relay, where it is another one. */
  readonly publicRelayUrl?: string;
  /** The folder of the camera's identity, recordings, presets, and of what it has heard. */
  readonly dataDirectory: string;
  /** What people call the camera; by default its device name. */
  readonly name?: string;
  /** Pictures of their own; by default as many as there are inputs. */
  readonly channels?: number;
  readonly log: Logger;
  readonly host?: Host;
  /** The camera is registered for the first time: from now on viewers get through. */
  readonly onReady: (camera: CameraDescription) => void;
  /** A call begins, is taken, or ends. */
  readonly onCall?: (phase: CallPhase) => void;
  readonly onRelay: (state: 'connecting' | 'registered' | 'lost', detail: string) => void;
}

/** What a viewer needs, and what it shows. */
export interface CameraDescription {
  readonly xp2pInfo: string;
  readonly name: string;
  readonly productId: string;
  readonly deviceName: string;
}

export interface RunningCamera {
  readonly description: CameraDescription;
  /** Somebody at the camera; does nothing where it cannot be called. */
  act(act: CallAct): void;
  close(): Promise<void>;
}

export const MAX_CHANNELS = 64;

export const CAMERA_DEFAULTS: CameraSettings = {
  inputs: [{ kind: 'clip' }],
  maxViewers: 16,
  maxKbps: null,
  keepH265: false,
  cardBytes: 512 * 1024 * 1024,
  demoDays: 0,
  ptzAxes: ['pan', 'tilt', 'zoom'],
  talk: true,
  callReply: 'answer',
  callReplyAfterMs: 3_000,
  talkDevice: null,
  deviceVersion: DEFAULT_DEVICE_VERSION,
  pictureStream: false,
  quirks: new Set(),
  rotateSecret: false,
};
