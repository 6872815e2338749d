import { encodeFlvHeader, encodeFlvTag } from '../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../services/media/flv';
import type { Clock } from '../../services/host';
import type { ResponseWriter } from '../../services/p2p/http';
import type { TimedTag } from './gop-cache';
import { LagMeter } from './lag-meter';

export interface LiveViewerLimits {
  /** A viewer that is further behind than this is moved on to a keyframe, in ms (default 1 500). */
  readonly maxLagMs: number;
  /** So is one for whom more than this waits, in bytes (default 1 MiB). */
  readonly maxBufferedBytes: number;
}

/** What comes before the first frame. */
export interface LiveOpening {
  readonly header: FlvHeader;
  /** Metadata and sequence headers. */
  readonly setup: readonly FlvTag[];
}

type State =
  /** Nothing has been sent. */
  | 'waiting'
  | 'playing'
  /** Too far behind: nothing is sent before a keyframe that comes once the backlog is gone. */
  | 'skipping';

/** `keyframes`: pictures between keyframes are left out; sound stays. */
export type Pace = 'all' | 'keyframes';

/** A backlog has to shrink to this share of its limit before a viewer goes on. */
const RESUME_SHARE = 1 / 3;
const DEFAULT_FRAME_MS = 40;
const MAX_FRAME_MS = 200;

/** One viewer's stream: its own clock from 0, and its own pace. */
export class LiveViewer {
  private state: State = 'waiting';
  private readonly meter = new LagMeter();
  /** The hub's time that is this viewer's 0. */
  private originMs = 0;
  /** The hub's time at which the present run of frames began. */
  private runStartMs = 0;
  /** This viewer's time of the latest tag. */
  private latestMs = 0;
  private lastVideoMs: number | null = null;
  private frameMs = DEFAULT_FRAME_MS;
  private openingBytes = 0;
  private staleSetup: readonly FlvTag[] = [];
  private dropped = 0;
  private wantedPace: Pace = 'all';
  private pace: Pace = 'all';

  constructor(
    private readonly response: ResponseWriter,
    private readonly clock: Clock,
    private readonly limits: LiveViewerLimits,
  ) {}

  get waiting(): boolean {
    return this.state === 'waiting';
  }

  /** Whether frames are being left out because the viewer is behind. */
  get behind(): boolean {
    return this.state === 'skipping';
  }

  /** Takes effect with the next keyframe, or at once where it leaves frames out. */
  setPace(pace: Pace): void {
    this.wantedPace = pace;
    if (pace === 'keyframes') this.pace = pace;
  }

  /** Frames left out so far because the viewer was behind. */
  get droppedFrames(): number {
    return this.dropped;
  }

  /** Begins the stream; `frames` starts with a keyframe, or with sound where there is no picture. */
  open(opening: LiveOpening, frames: readonly TimedTag[]): void {
    const first = frames[0];
    if (this.state !== 'waiting' || first === undefined) return;
    this.state = 'playing';
    this.originMs = first.timeMs;
    this.runStartMs = first.timeMs;
    this.response.writeHead(200, { 'content-type': 'video/x-flv', 'cache-control': 'no-store' });
    const setup = opening.setup.map((tag) => encodeFlvTag(tag, 0));
    // In one piece: whoever joins the viewer later (a recorder, a second player) needs it whole, and
    // the first chunk is what apps written for the reference keep for them.
    this.write(concat([encodeFlvHeader(opening.header), ...setup]));
    for (const frame of frames) this.send(frame);
    this.openingBytes = this.meter.writtenBytes;
  }

  /** Sends changed metadata or sequence headers, at the latest before the next frame. */
  setup(tag: FlvTag): void {
    if (this.state === 'playing') this.write(encodeFlvTag(tag, this.latestMs));
    else if (this.state === 'skipping') {
      const others = this.staleSetup.filter((stale) => !replaces(tag, stale));
      this.staleSetup = [...others, tag];
    }
  }

  /**
   * Goes on with another stream, from its keyframe on, with no gap in the timestamps.
   * @param setup the other stream's metadata and sequence headers.
   */
  switchTo(setup: readonly FlvTag[], keyframe: TimedTag): void {
    this.staleSetup = setup;
    if (this.state === 'playing') {
      this.resume(keyframe);
      this.send(keyframe);
    } else this.frame(keyframe);
  }

  frame(frame: TimedTag): void {
    if (this.state === 'waiting') return;
    if (frame.keyframe) this.pace = this.wantedPace;
    if (this.pace === 'keyframes' && frame.tag.type === 'video' && !frame.keyframe) {
      this.dropped++;
      return;
    }
    const bufferedBytes = this.response.bufferedBytes();
    const lagMs = this.meter.lagMs(bufferedBytes, this.clock.nowMs());
    if (this.state === 'playing' && this.isBehind(lagMs, bufferedBytes)) this.state = 'skipping';
    else if (
      this.state === 'skipping' &&
      frame.keyframe &&
      this.hasCaughtUp(lagMs, bufferedBytes)
    ) {
      this.resume(frame);
    }
    if (this.state === 'playing') this.send(frame);
    else this.dropped++;
  }

  private isBehind(lagMs: number, bufferedBytes: number): boolean {
    if (lagMs > this.limits.maxLagMs) return true;
    // The opening may be larger than what may wait; only time counts until it is through.
    const opened = this.meter.writtenBytes - bufferedBytes >= this.openingBytes;
    return opened && bufferedBytes > this.limits.maxBufferedBytes;
  }

  private hasCaughtUp(lagMs: number, bufferedBytes: number): boolean {
    return (
      lagMs <= this.limits.maxLagMs * RESUME_SHARE &&
      bufferedBytes <= this.limits.maxBufferedBytes * RESUME_SHARE
    );
  }

  /** What was left out leaves no gap in the timestamps, which a player would wait through. */
  private resume(keyframe: TimedTag): void {
    this.state = 'playing';
    this.latestMs += this.frameMs;
    this.originMs = keyframe.timeMs - this.latestMs;
    this.runStartMs = keyframe.timeMs;
    this.lastVideoMs = null;
    for (const tag of this.staleSetup) this.write(encodeFlvTag(tag, this.latestMs));
    this.staleSetup = [];
  }

  private send({ tag, timeMs }: TimedTag): void {
    // Sound that belongs to a picture before the first one would come before 0, or twice.
    if (timeMs < this.runStartMs) return;
    if (tag.type === 'video') this.measureFrame(timeMs);
    const viewerMs = timeMs - this.originMs;
    this.latestMs = Math.max(this.latestMs, viewerMs);
    this.write(encodeFlvTag(tag, viewerMs));
  }

  private measureFrame(timeMs: number): void {
    const stepMs = this.lastVideoMs === null ? 0 : timeMs - this.lastVideoMs;
    if (stepMs > 0 && stepMs <= MAX_FRAME_MS) this.frameMs = stepMs;
    this.lastVideoMs = timeMs;
  }

  private write(bytes: Uint8Array): void {
    this.meter.wrote(bytes.length, this.clock.nowMs());
    this.response.write(bytes);
  }
}

/** A later sequence header or metadata of the same kind makes an earlier one pointless. */
function replaces(tag: FlvTag, earlier: FlvTag): boolean {
  return tag.type === earlier.type;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
