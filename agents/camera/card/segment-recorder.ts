import type { CancelTimer, Clock } from '../../../services/host';
import {
  encodeFlvTag,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  metadataTag,
  parseVideoTag,
  readMetadata,
} from '../../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import { Timeline } from '../timeline';
import { errorCode, messageOf } from './card-fs';
import { CardInUseError } from './card-lock';
import type { CardStore } from './card-store';
import { MAX_WALL_MS } from './segment';
import type { Segment, SegmentCause } from './segment';
import { SegmentCutter } from './segment-cutter';
import { encodeSegmentHead } from './segment-head';
import type { MediaSetup } from './segment-head';
import { SegmentWriter, isNoSpace } from './segment-writer';
import type { CardLog, Recorder, RecorderFault, RecorderState } from './types';

export interface SegmentRecorderOptions {
  readonly channel: number;
  readonly store: CardStore;
  readonly clock: Clock;
  readonly log: CardLog;
  readonly segmentMs: number;
  readonly flushMs: number;
  /** A frame has its place in the recordings, at a time in unix ms. */
  readonly onRecorded: (recordedMs: number, tag: FlvTag) => void;
}

/** What is to be done on the disk, in order. */
type Step =
  | {
      readonly kind: 'begin';
      readonly startMs: number;
      readonly cause: SegmentCause;
      readonly head: Uint8Array;
    }
  | { readonly kind: 'tag'; readonly bytes: Uint8Array; readonly timestampMs: number }
  | { readonly kind: 'end'; readonly endMs: number };

/** Larger ones cannot be read back. */
const MAX_TAG_BYTES = 4 * 1024 * 1024;
/** What may wait for the disk. */
const MAX_WAITING_BYTES = 32 * 1024 * 1024;
/** One segment's share of the card, so that the ring has whole segments to delete. */
const SEGMENT_SHARE = 1 / 8;
const FIRST_RETRY_MS = 5_000;
const MAX_RETRY_MS = 60_000;

/** Records what a source yields into segments. */
export class SegmentRecorder implements Recorder {
  readonly channel: number;
  onState: ((state: RecorderState) => void) | null = null;
  private current: RecorderState = { name: 'waiting' };
  private readonly timeline = new Timeline();
  private readonly cutter: SegmentCutter;
  private setup: MediaSetup = {
    header: { hasAudio: false, hasVideo: false },
    metadata: null,
    video: null,
    audio: null,
  };
  private segmentBytes = 0;
  /** When the open segment began, in unix ms. */
  private startMs = 0;
  private steps: Step[] = [];
  private waitingBytes = 0;
  private readonly writer: SegmentWriter;
  /** The last file that could not be finished; an earlier one is repaired at the next start. */
  private broken: Segment | null = null;
  private flushing: Promise<void> | null = null;
  private cancelFlush: CancelTimer | null = null;
  private cancelRetry: CancelTimer = () => undefined;
  private retryMs = FIRST_RETRY_MS;
  /** The fault that was logged and has not ended. */
  private told: RecorderFault | null = null;

  constructor(private readonly options: SegmentRecorderOptions) {
    this.channel = options.channel;
    this.cutter = new SegmentCutter(options.segmentMs);
    this.writer = new SegmentWriter(options.store, options.channel);
  }

  get state(): RecorderState {
    return this.current;
  }

  onHeader(header: FlvHeader): void {
    const { metadata, video, audio } = this.setup;
    this.setup = {
      header,
      metadata,
      video: header.hasVideo ? video : null,
      audio: header.hasAudio ? audio : null,
    };
    this.timeline.restart();
    this.stop('gap');
  }

  onTag(tag: FlvTag): void {
    if (tag.type === 'script') {
      const metadata = readMetadata(tag);
      if (metadata) this.setup = { ...this.setup, metadata: metadataTag(metadata) };
    } else if (isVideoSequenceHeader(tag)) {
      if (isSame(this.setup.video, tag)) return;
      this.setup = { ...this.setup, video: tag };
      this.stop('format');
    } else if (isAudioSequenceHeader(tag)) {
      if (isSame(this.setup.audio, tag)) return;
      this.setup = { ...this.setup, audio: tag };
      this.stop('format');
    } else if (parseVideoTag(tag)?.packet !== 'end') this.onFrame(tag);
  }

  /** Brings everything that came so far to the disk. Never rejects: what fails is told by `state`. */
  async flush(): Promise<void> {
    this.cancelFlush?.();
    this.cancelFlush = null;
    // The steps of a flush that has begun may not include the latest.
    while (this.flushing || this.steps.length > 0) {
      this.flushing ??= this.write().finally(() => (this.flushing = null));
      await this.flushing;
    }
    if (this.current.name !== 'faulty' || this.current.fault !== 'too-slow') return;
    this.setState({ name: 'waiting' });
  }

  /** Finishes the segment that is being written. */
  async close(): Promise<void> {
    if (this.current.name === 'closed') return;
    this.stop('gap');
    this.cancelRetry();
    this.setState({ name: 'closed' });
    const { current } = this.writer;
    if (current && this.steps.length === 0) {
      this.steps.push({ kind: 'end', endMs: current.endMs });
    }
    await this.flush();
  }

  private onFrame(tag: FlvTag): void {
    const timeMs = this.timeline.next(tag.timestampMs);
    const { name } = this.current;
    if (name === 'closed' || name === 'faulty' || tag.data.length > MAX_TAG_BYTES) return;
    const { clock, store } = this.options;
    const { hasVideo } = this.setup.header;
    const frame = {
      timeMs,
      canStart: hasVideo ? isKeyframe(tag) : tag.type === 'audio',
      wallMs: Math.min(Math.max(0, Math.round(clock.wallMs())), MAX_WALL_MS),
      nowMs: clock.nowMs(),
    };
    const fullBytes = store.maxBytes * SEGMENT_SHARE;
    // Without a keyframe the segment cannot go on in another one.
    if (this.segmentBytes > 2 * fullBytes) this.stop('gap');
    const { endMs, start, timestampMs } = this.cutter.next(frame, this.segmentBytes > fullBytes);
    if (endMs !== null) this.push({ kind: 'end', endMs });
    if (start) {
      this.segmentBytes = 0;
      this.push({ kind: 'begin', ...start, head: encodeSegmentHead(this.setup) });
    }
    if (timestampMs === null) return;
    this.startMs = start?.startMs ?? this.startMs;
    this.options.onRecorded(this.startMs + timestampMs, tag);
    this.push({ kind: 'tag', bytes: encodeFlvTag(tag, timestampMs), timestampMs });
    if (this.waitingBytes > MAX_WAITING_BYTES) this.giveWay();
  }

  private stop(cause: SegmentCause): void {
    const endMs = this.cutter.stop(cause);
    this.segmentBytes = 0;
    if (endMs !== null) this.push({ kind: 'end', endMs });
  }

  private push(step: Step): void {
    this.steps.push(step);
    if (step.kind === 'tag') {
      this.segmentBytes += step.bytes.length;
      this.waitingBytes += step.bytes.length;
    }
    this.cancelFlush ??= this.options.clock.setTimer(this.options.flushMs, () => void this.flush());
  }

  private async write(): Promise<void> {
    try {
      await this.perform();
      await this.options.store.makeRoom();
    } catch (error) {
      await this.fail(error);
    }
  }

  private async perform(): Promise<void> {
    while (this.steps.length > 0) {
      const step = this.steps[0]!;
      if (step.kind === 'tag') await this.writeTags(this.takeTags());
      else {
        this.steps.shift();
        if (step.kind === 'begin') await this.begin(step);
        else await this.writer.finish(step.endMs);
      }
    }
  }

  private async begin({ startMs, cause, head }: Step & { kind: 'begin' }): Promise<void> {
    await this.writer.begin(startMs, cause, head);
    if (this.current.name === 'waiting') this.setState({ name: 'recording' });
    if (this.told) this.options.log.info(`channel ${this.channel} is being recorded again`);
    this.told = null;
  }

  private takeTags(): readonly (Step & { kind: 'tag' })[] {
    const tags: (Step & { kind: 'tag' })[] = [];
    for (const step of this.steps) {
      if (step.kind !== 'tag') break;
      tags.push(step);
    }
    this.steps.splice(0, tags.length);
    return tags;
  }

  private async writeTags(tags: readonly (Step & { kind: 'tag' })[]): Promise<void> {
    const bytes = Buffer.concat(tags.map((tag) => tag.bytes));
    this.waitingBytes -= bytes.length;
    const lastMs = tags.reduce((latest, { timestampMs }) => Math.max(latest, timestampMs), 0);
    await this.writer.write(bytes, lastMs);
    this.retryMs = FIRST_RETRY_MS;
  }

  private async fail(error: unknown): Promise<void> {
    const fault = faultOf(error);
    const message = messageOf(error);
    this.enterFault(fault, message);
    this.steps = [];
    this.waitingBytes = 0;
    this.broken = (await this.writer.abandon()) ?? this.broken;
    await this.salvage();
    if (this.current.name === 'closed') return;
    this.cancelRetry = this.options.clock.setTimer(this.retryMs, () => void this.retry());
    this.retryMs = Math.min(this.retryMs * 2, MAX_RETRY_MS);
  }

  private async retry(): Promise<void> {
    const { store } = this.options;
    try {
      await store.load();
      await store.dropVanished();
    } catch {
      // The next attempt to record tells what is wrong.
    }
    await this.salvage();
    if (this.current.name === 'faulty') this.setState({ name: 'waiting' });
  }

  private async salvage(): Promise<void> {
    const { broken } = this;
    if (!broken) return;
    this.broken = null;
    try {
      await this.options.store.salvage(broken);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') this.broken = broken;
    }
  }

  /** The disk does not keep up: what waits is dropped, and recorded is what comes once it is through. */
  private giveWay(): void {
    this.enterFault('too-slow', 'the disk is too slow for what the camera yields');
    const { current } = this.writer;
    this.steps = current ? [{ kind: 'end', endMs: current.endMs }] : [];
    this.waitingBytes = 0;
  }

  private enterFault(fault: RecorderFault, message: string): void {
    this.cutter.stop('gap');
    this.segmentBytes = 0;
    if (this.current.name !== 'closed') this.setState({ name: 'faulty', fault, message });
    if (this.told === fault) return;
    this.told = fault;
    this.options.log.warn(`channel ${this.channel} is not being recorded (${fault}): ${message}`);
  }

  private setState(state: RecorderState): void {
    this.current = state;
    this.onState?.(state);
  }
}

function faultOf(error: unknown): RecorderFault {
  if (isNoSpace(error)) return 'disk-full';
  return error instanceof CardInUseError ? 'in-use' : 'unwritable';
}

function isSame(stored: FlvTag | null, tag: FlvTag): boolean {
  return stored !== null && Buffer.compare(stored.data, tag.data) === 0;
}
