/** The reference's quality names, from the smallest picture on. */
export const QUALITIES = ['standard', 'high', 'super'] as const;

export type Quality = (typeof QUALITIES)[number];

export type PtzAxis = 'pan' | 'tilt' | 'zoom';

/** What this camera can do: the answer to `GET /capabilities`. Viewers show controls accordingly. */
export interface Capabilities {
  /** What people call the camera. */
  readonly name: string;
  /** Version of the device SDK that the camera claims, e.g. `2.4.0`. */
  readonly deviceVersion: string;
  /** Numbered from 0. */
  readonly channels: number;
  /** Empty for a picture-stream camera; one entry where there is nothing to choose. */
  readonly qualities: readonly Quality[];
  /** Values of `action` that `/ipc.flv` takes. */
  readonly streams: readonly string[];
  /** True for a camera that sends pictures and sound apart (flag `m` of its xp2pInfo). */
  readonly pictureStream: boolean;
  readonly ptz: PtzCapabilities | null;
  readonly talk: TalkCapabilities | null;
  readonly call: CallCapabilities | null;
  readonly playback: PlaybackCapabilities | null;
  readonly files: FileCapabilities | null;
  /** What `user_define` takes. */
  readonly userCommands: readonly string[];
}

export interface PtzCapabilities {
  readonly axes: readonly PtzAxis[];
  /** E.g. `up`, `up_left`, `zoom_in`: `ptz_<direction>_press` moves there. */
  readonly directions: readonly string[];
  readonly zoom: boolean;
  /** The axes along which the picture moves too; along the others the position only. */
  readonly visibleAxes: readonly PtzAxis[];
  /** Presets are numbered from 1 to this; 0: there are none. */
  readonly maxPresets: number;
  /** Limits of the axes: degrees, degrees, magnification. */
  readonly range: Readonly<Partial<Record<PtzAxis, readonly [min: number, max: number]>>>;
  /** Degrees, or magnification, per second at full speed. */
  readonly speed: Readonly<Partial<Record<PtzAxis, number>>>;
  /** A press that is not refreshed ends after this, in ms. */
  readonly safetyMs: number;
}

export interface TalkCapabilities {
  /** `pcm`: 16 bit little-endian; `flv`: AAC, or a call with pictures, in FLV. */
  readonly codecs: readonly ('pcm' | 'flv')[];
  /** Sample rates of PCM in Hz. */
  readonly rates: readonly number[];
  /** Whether one may talk and listen at once. */
  readonly duplex: boolean;
  /** Talkers at a time. */
  readonly talkers: number;
  readonly maxSeconds: number;
}

export interface CallCapabilities {
  /** Whether it takes a picture with the sound. */
  readonly video: boolean;
}

export interface PlaybackCapabilities {
  /** Inner commands for a running playback. */
  readonly functions: readonly string[];
  /** Whether `playback_ff` skips pictures, and how far. */
  readonly maxKeyframeStep: number;
  /** Whether `get_record_index` lists what moved, with `type` 1. */
  readonly events: boolean;
  /** Whether `get_thumbnail` has pictures. */
  readonly thumbnails: boolean;
  /** IANA time zone in which the days of `get_month_record` count. */
  readonly timeZone: string;
}

export interface FileCapabilities {
  /** Values of `file_type` that have files: `0` video, `1` pictures of what moved. */
  readonly types: readonly string[];
  /** Whether `offset` of `/file` works. */
  readonly resume: boolean;
}
