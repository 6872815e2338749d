import { toIotError } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import type { XP2PVoiceDataWriter } from '../p2p/module';
import { FlvTagRepair, repairFlvHeader } from './flv-repair';
import type { PushedTag, PushedTracks } from './flv-repair';
import { talkError } from './talk-errors';
import type { TalkLine, TalkSource } from './talk-source';
import type { TalkProfile } from './water-marks';

/** The pusher that captures: `<p2p-pusher>` of the vendor's plugin. */
export interface Pusher {
  start(): void;
  stop(): void;
  /** Sends silence. */
  setMuted?(muted: boolean): void;
  /** Less or more bit rate, where it can. */
  setProfile?(profile: TalkProfile): void;
}

export interface PusherSourceOptions {
  readonly pusher: Pusher;
  /** What the pusher sends (default: sound only). */
  readonly tracks?: PushedTracks | undefined;
  readonly authorise: () => Promise<void>;
  /** Unix ms. */
  readonly wallMs: () => number;
}

const SOUND_ONLY: PushedTracks = { audio: true, video: false };

/**
 * AAC in FLV by a pusher. The view hands the pusher's events to `onHeader`, `onTag` and `onError`; what
 * arrives before the camera takes it waits for nothing and is left out, but the header.
 */
export class PusherSource implements TalkSource {
  private line: TalkLine | null = null;
  private writer: XP2PVoiceDataWriter | null = null;
  private header: ArrayBuffer | null = null;
  private repair: FlvTagRepair;
  private onStarted: (() => void) | null = null;

  constructor(private readonly options: PusherSourceOptions) {
    this.repair = new FlvTagRepair(options.wallMs);
  }

  authorise(): Promise<void> {
    return this.options.authorise();
  }

  async start(line: TalkLine): Promise<void> {
    this.line = line;
    this.header = null;
    this.repair = new FlvTagRepair(this.options.wallMs);
    const writer = await line.write();
    // Stopped meanwhile: nobody would stop what starts now.
    if (this.line !== line) return;
    this.writer = writer;
    const started = new Promise<void>((resolve) => {
      this.onStarted = resolve;
    });
    this.options.pusher.start();
    await started;
  }

  stop(): void {
    if (this.line === null) return;
    this.line = null;
    this.writer = null;
    this.onStarted = null;
    this.options.pusher.stop();
  }

  setMuted(muted: boolean): void {
    this.options.pusher.setMuted?.(muted);
  }

  setProfile(profile: TalkProfile): void {
    this.options.pusher.setProfile?.(profile);
  }

  /** `pusherFlvHeader`. */
  onHeader(header: ArrayBuffer): void {
    this.guard(() => {
      this.header = repairFlvHeader(header, this.options.tracks ?? SOUND_ONLY);
      this.writer?.addChunk(this.header);
      this.onStarted?.();
    });
  }

  /** `pusherFlvAudioTag`, `pusherFlvVideoTag`, `pusherFlvDataTag`. */
  onTag(tag: PushedTag): void {
    if (this.header === null || this.writer === null) return;
    const { writer } = this;
    this.guard(() => void writer.addChunk(this.repair.repair(tag)));
  }

  /** `pusherError`, `error`, and `pusherClose` that nobody asked for. */
  onError(cause: unknown): void {
    const isKnown = cause instanceof IotError;
    this.line?.onFail(isKnown ? cause : talkError('recorder-failed', 'the pusher failed', cause));
  }

  private guard(run: () => void): void {
    try {
      run();
    } catch (cause) {
      const error = toIotError(cause, {
        code: XP2PErrorCode.VoiceFailed,
        phase: 'voice',
        reason: 'internal',
        message: 'what the pusher sends cannot be used',
        retryable: true,
      });
      this.line?.onFail(error);
    }
  }
}
