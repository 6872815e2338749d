import type { CancelTimer, Clock } from '../../../services/host';
import {
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
} from '../../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import { buildViewArgs, viewCommand } from '../ffmpeg-args';
import type { EncodingLimits } from '../ffmpeg-args';
import { LiveHub } from '../live-hub';
import type { MediaEvents } from '../media-source';
import { EncoderPipe } from '../quality/encoder-pipe';
import type { EncoderPipeOptions } from '../quality/encoder-pipe';
import { startSteered } from '../start-process';
import type { StartSteered, SteeredProcess } from '../start-process';

export interface PtzViewOptions {
  /** Who gets the picture. */
  readonly target: MediaEvents;
  /** Where the camera looks now, in degrees. */
  readonly look: () => { readonly pan: number; readonly tilt: number; readonly moving: boolean };
  readonly limits: EncodingLimits;
  readonly clock: Clock;
  readonly log: EncoderPipeOptions['log'];
  readonly startSteered?: StartSteered;
}

/** What the picture shows of the world. */
const FIELD_OF_VIEW = { pan: 60, tilt: 34 } as const;
/** ffmpeg looks for an order so often. */
const ORDER_INTERVAL_MS = 100;
/** A camera that is home again shows its own picture after this. */
const HOME_REST_MS = 5_000;

/**
 * Makes the turning of the camera visible: an encoder moves a window over the picture while the camera
 * looks away from home. At home the source passes as it is, and nothing is encoded.
 */
export class PtzView implements MediaEvents {
  private readonly raw: LiveHub;
  private readonly rawStream = new Opening();
  private viewStream = new Opening();
  private reader = new FlvReader();
  private readonly encoder: EncoderPipe;
  private process: SteeredProcess | null = null;
  /** Whose picture the target gets. */
  private shows: 'source' | 'view' = 'source';
  private encoding = false;
  private homeSinceMs: number | null = null;
  private sent = { x: 0, y: 0 };
  private cancelTick: CancelTimer = () => undefined;

  constructor(private readonly options: PtzViewOptions) {
    const { clock, log, limits, startSteered: start = startSteered } = options;
    this.raw = new LiveHub({ clock });
    this.encoder = new EncoderPipe({
      source: this.raw,
      args: buildViewArgs(limits),
      clock,
      // ffmpeg tells about each order.
      log: { warn: (message) => log.warn(message), debug: () => undefined },
      onStart: () => this.onEncoderStart(),
      onOutput: (bytes) => this.onEncoded(bytes),
      startPipe: (command, args, events) => {
        this.process = start(command, args, events);
        return this.process;
      },
    });
  }

  onHeader(header: FlvHeader): void {
    this.raw.onHeader(header);
    this.rawStream.onHeader(header);
    if (this.shows === 'source') this.options.target.onHeader(header);
  }

  onTag(tag: FlvTag): void {
    this.raw.onTag(tag);
    this.rawStream.onTag(tag);
    // An encoder that has to be started again shows nothing meanwhile.
    const viewIsGone = !this.encoding || !this.viewStream.replayed;
    if (this.shows === 'view' && viewIsGone && isKeyframe(tag)) {
      this.shows = 'source';
      this.rawStream.replay(this.options.target);
    }
    if (this.shows === 'source') this.options.target.onTag(tag);
  }

  /** The camera moves, or may. */
  wake(): void {
    if (this.encoding) return;
    const { x, y, moving } = this.window();
    if (!moving && x === 0 && y === 0) return;
    this.encoding = true;
    this.homeSinceMs = null;
    this.encoder.start();
    this.tick();
  }

  async close(): Promise<void> {
    this.cancelTick();
    this.encoding = false;
    this.raw.close();
    await this.encoder.stop();
  }

  private tick(): void {
    const nowMs = this.options.clock.nowMs();
    const { x, y, moving } = this.window();
    if (moving || x !== 0 || y !== 0) this.homeSinceMs = null;
    else this.homeSinceMs ??= nowMs;
    if (this.homeSinceMs !== null && nowMs - this.homeSinceMs >= HOME_REST_MS) {
      this.encoding = false;
      void this.encoder.stop();
      return;
    }
    this.order(x, y);
    this.cancelTick = this.options.clock.setTimer(ORDER_INTERVAL_MS, () => this.tick());
  }

  /** One order at a time: the one that matters more. */
  private order(x: number, y: number): void {
    const off = { x: Math.abs(x - this.sent.x), y: Math.abs(y - this.sent.y) };
    if (this.process === null || (off.x === 0 && off.y === 0)) return;
    const axis = off.x >= off.y ? 'x' : 'y';
    const share = axis === 'x' ? x : y;
    this.process.steer(viewCommand(axis, share));
    this.sent = { ...this.sent, [axis]: share };
  }

  private window(): { readonly x: number; readonly y: number; readonly moving: boolean } {
    const { pan, tilt, moving } = this.options.look();
    return { x: around(pan / FIELD_OF_VIEW.pan), y: around(-tilt / FIELD_OF_VIEW.tilt), moving };
  }

  private onEncoderStart(): void {
    this.reader = new FlvReader();
    this.viewStream = new Opening();
    this.sent = { x: 0, y: 0 };
  }

  private onEncoded(bytes: Uint8Array): boolean {
    const { header, tags, error } = this.reader.push(bytes);
    if (header) this.viewStream.onHeader(header);
    for (const tag of tags) {
      this.viewStream.onTag(tag);
      // Also after a new start of the encoder: its stream begins at a keyframe.
      if (isKeyframe(tag) && !this.viewStream.replayed) {
        this.shows = 'view';
        this.viewStream.replay(this.options.target);
      }
      if (this.shows === 'view' && this.viewStream.replayed) this.options.target.onTag(tag);
    }
    return error === null;
  }
}

/** What has to be known of a stream before its first frame. */
class Opening {
  replayed = false;
  private header: FlvHeader | null = null;
  private metadata: FlvTag | null = null;
  private video: FlvTag | null = null;
  private audio: FlvTag | null = null;

  onHeader(header: FlvHeader): void {
    this.header = header;
  }

  onTag(tag: FlvTag): void {
    if (tag.type === 'script') this.metadata = tag;
    else if (isVideoSequenceHeader(tag)) this.video = tag;
    else if (isAudioSequenceHeader(tag)) this.audio = tag;
  }

  replay(target: MediaEvents): void {
    if (this.header === null) return;
    this.replayed = true;
    target.onHeader(this.header);
    for (const tag of [this.metadata, this.video, this.audio]) if (tag) target.onTag(tag);
  }
}

/** The share of a circle: 0 to below 1. */
function around(turns: number): number {
  const share = turns - Math.floor(turns);
  const rounded = Math.round(share * 10_000) / 10_000;
  return rounded === 1 ? 0 : rounded;
}
