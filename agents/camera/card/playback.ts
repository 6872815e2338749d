import type { Clock } from '../../../services/host';
import { IotError, XP2PErrorCode } from '../../../services/errors';
import {
  encodeFlvHeader,
  encodeFlvTag,
  metadataTag,
  readMetadata,
} from '../../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import type { ResponseWriter } from '../../../services/p2p/http';
import { messageOf } from './card-fs';
import type { CardStore } from './card-store';
import { answerError, badParameter, rejected, requireInteger } from './errors';
import { OutputTimeline } from './output-timeline';
import type { Pace } from './output-timeline';
import { PlaybackCursor } from './playback-cursor';
import type { PlaybackItem } from './playback-cursor';
import type { Segment } from './segment';
import type { CardLog, PlaybackSession } from './types';

export interface PlaybackOptions {
  readonly store: CardStore;
  readonly clock: Clock;
  readonly log: CardLog;
  readonly channel: number;
  readonly response: ResponseWriter;
  /** The range, in unix ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly audioOnly: boolean;
  /** Called once, when it is over. */
  readonly onClose: () => void;
}

type Frame = PlaybackItem & { kind: 'frame' };

/** So much is sent before it is due: what a viewer needs to get through a rough patch of network. */
const LEAD_MS = 1_000;
/** How often is looked for more of what is being recorded, and how often in vain. */
const POLL_MS = 250;
const MAX_POLLS = 20;
const MIN_SPEED = 1 / 8;
const MAX_SPEED = 16;
const MAX_FRAME_INTERVAL_MS = 1_000;
const MAX_KEYFRAME_STEP = 64;

/** Sends recordings in real time. */
export class Playback implements PlaybackSession {
  readonly channel: number;
  private readonly output = new OutputTimeline();
  private isOpen = true;
  private pausedAtMs: number | null = null;
  /** Counts seeks: what an earlier one still reads is not sent. */
  private round = 0;
  /** Unix ms of the recording. */
  private positionMs: number;
  /** What comes before the first frame; null once it is sent. */
  private opening: Uint8Array[] | null = [];
  private readonly sentSetup = new Map<FlvTag['type'], FlvTag>();
  /** Monotonic ms at which output time 0 is shown. */
  private originMs: number;
  private keyframeStep = 0;
  private keyframes = 0;
  private blocked = false;
  private readonly sleepers = new Set<() => void>();
  private seeking: { done(): void; failed(error: IotError): void } | null = null;

  constructor(private readonly options: PlaybackOptions) {
    const { channel, response, startMs, clock } = options;
    this.channel = channel;
    this.positionMs = startMs;
    this.originMs = clock.nowMs();
    response.onDrain = () => {
      this.blocked = false;
      this.wake();
    };
    response.onClose = () => this.stop();
    void this.run(startMs);
  }

  get open(): boolean {
    return this.isOpen;
  }

  get paused(): boolean {
    return this.pausedAtMs !== null;
  }

  get progressMs(): number {
    const { startMs, endMs } = this.options;
    // The keyframe that it begins with may lie before the range.
    return Math.min(Math.max(0, this.positionMs - startMs), endMs - startMs);
  }

  seek(ms: number): Promise<number> {
    const { startMs, endMs } = this.options;
    return new Promise((resolve, reject) => {
      if (!this.isOpen) throw closedError();
      requireInteger('progress', ms, 0, endMs - startMs);
      // One that is overtaken by the next has got as far as that.
      this.seeking?.done();
      this.seeking = { done: () => resolve(this.progressMs), failed: reject };
      this.output.breakOff();
      this.keyframes = 0;
      this.round++;
      this.wake();
      void this.run(startMs + ms);
    });
  }

  pause(): void {
    this.pausedAtMs ??= this.options.clock.nowMs();
  }

  resume(): void {
    if (this.pausedAtMs === null) return;
    this.originMs += this.options.clock.nowMs() - this.pausedAtMs;
    this.pausedAtMs = null;
    this.wake();
  }

  setSpeed(factor: number): void {
    if (!(factor >= MIN_SPEED && factor <= MAX_SPEED)) {
      throw badParameter('speed', `speed has to be from ${MIN_SPEED} to ${MAX_SPEED}`);
    }
    this.setPace({ kind: 'factor', factor }, 0);
  }

  setFrameInterval(ms: number): void {
    requireInteger('speed', ms, 0, MAX_FRAME_INTERVAL_MS);
    this.setPace(ms === 0 ? { kind: 'factor', factor: 1 } : { kind: 'interval', ms }, 0);
  }

  setKeyframeStep(n: number): void {
    requireInteger('speed', n, 0, MAX_KEYFRAME_STEP);
    this.setPace({ kind: 'factor', factor: Math.max(1, n) }, n);
  }

  close(): void {
    if (!this.isOpen) return;
    this.stop();
    if (this.opening) answerError(this.options.response, rejected(404, 'the playback was closed'));
    else this.options.response.end();
  }

  private setPace(pace: Pace, keyframeStep: number): void {
    this.output.pace = pace;
    this.keyframeStep = keyframeStep;
    this.keyframes = 0;
    this.wake();
  }

  private async run(fromMs: number): Promise<void> {
    const { round } = this;
    const isStale = (): boolean => !this.isOpen || round !== this.round;
    const { store, channel, log, endMs, audioOnly, response } = this.options;
    const cursor = new PlaybackCursor({
      ...{ store, channel, log, endMs, audioOnly },
      waitForMore: (segment) => this.waitForMore(segment, isStale),
    });
    let isFirst = true;
    try {
      for await (const item of cursor.read(fromMs)) {
        if (isStale()) return;
        if (item.kind === 'header') this.onHeader(item.header);
        else if (item.kind === 'setup') this.onSetup(item.tag);
        else if (item.kind === 'gap') this.output.breakOff();
        else if (this.isWanted(item)) {
          if (isFirst) this.reached(item.recordedMs);
          isFirst = false;
          await this.due(item, isStale);
          if (isStale()) return;
          this.send(item);
        }
      }
      if (isStale()) return;
      this.reached(endMs);
      this.stop();
      // Whoever goes to the end at once has read nothing, but made no mistake.
      if (this.opening && round > 0) this.sendOpening(this.opening);
      if (this.opening) answerError(response, rejected(404, 'the recordings cannot be read'));
      else response.end();
    } catch (error) {
      log.warn(`a playback failed: ${messageOf(error)}`);
      if (isStale()) return;
      this.stop();
      response.abort();
    }
  }

  private onHeader(header: FlvHeader): void {
    if (!this.opening || this.opening.length > 0) return;
    const hasVideo = header.hasVideo && !this.options.audioOnly;
    this.opening.push(encodeFlvHeader({ hasAudio: header.hasAudio, hasVideo }));
  }

  /** Sends what a decoder does not know yet. */
  private onSetup(tag: FlvTag): void {
    if (this.options.audioOnly && tag.type === 'video') return;
    const metadata = readMetadata(tag);
    if (tag.type === 'script' && !metadata) return;
    // Without the file's length, at which players would stop.
    const setup = metadata ? metadataTag(metadata) : tag;
    const sent = this.sentSetup.get(tag.type);
    if (sent && Buffer.compare(sent.data, setup.data) === 0) return;
    this.sentSetup.set(tag.type, setup);
    const bytes = encodeFlvTag(setup, this.output.latestMs);
    if (this.opening) this.opening.push(bytes);
    else this.write(bytes);
  }

  private isWanted({ tag, keyframe }: Frame): boolean {
    if (this.options.audioOnly) return true;
    if (this.keyframeStep > 0) return keyframe && this.keyframes++ % this.keyframeStep === 0;
    return tag.type === 'video' || this.output.isNormal;
  }

  /** Waits until a frame may be sent. */
  private async due({ recordedMs, tag }: Frame, isStale: () => boolean): Promise<void> {
    while (!isStale()) {
      if (this.paused || this.blocked) await this.sleep();
      else {
        const dueMs = this.originMs + this.output.peek(recordedMs, tag.type) - LEAD_MS;
        const waitMs = dueMs - this.options.clock.nowMs();
        // A viewer that could not take more for a while goes on where it was, and not in a rush.
        if (waitMs < -LEAD_MS) this.originMs -= waitMs + LEAD_MS;
        if (waitMs <= 0) return;
        await this.sleep(waitMs);
      }
    }
  }

  private send({ tag, recordedMs }: Frame): void {
    this.output.take(recordedMs, tag.type);
    this.positionMs = Math.max(this.positionMs, recordedMs);
    const bytes = encodeFlvTag(tag, this.output.latestMs);
    if (this.opening) this.sendOpening(this.opening);
    this.write(bytes);
  }

  private sendOpening(opening: readonly Uint8Array[]): void {
    this.opening = null;
    const head = { 'content-type': 'video/x-flv', 'cache-control': 'no-store' };
    this.options.response.writeHead(200, head);
    // In one piece, as live: whoever joins the viewer later needs it whole.
    if (opening.length > 0) this.write(Buffer.concat(opening));
  }

  private write(bytes: Uint8Array): void {
    if (!this.options.response.write(bytes)) this.blocked = true;
  }

  private reached(recordedMs: number): void {
    this.positionMs = recordedMs;
    this.seeking?.done();
    this.seeking = null;
  }

  private async waitForMore(segment: Segment, isStale: () => boolean): Promise<boolean> {
    const { bytes } = segment;
    for (let poll = 0; poll < MAX_POLLS && !isStale(); poll++) {
      if (segment.bytes > bytes || segment.finished) return true;
      await this.sleep(POLL_MS);
    }
    return false;
  }

  /** Until the time is over, or something has changed. */
  private sleep(ms?: number): Promise<void> {
    return new Promise((resolve) => {
      const awake = (): void => {
        cancel();
        this.sleepers.delete(awake);
        resolve();
      };
      const cancel =
        ms === undefined ? () => undefined : this.options.clock.setTimer(ms, () => awake());
      this.sleepers.add(awake);
    });
  }

  private wake(): void {
    for (const awake of [...this.sleepers]) awake();
  }

  /** Nothing is sent any more. */
  private stop(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.seeking?.failed(closedError());
    this.seeking = null;
    this.wake();
    this.options.onClose();
  }
}

function closedError(): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'stream',
    reason: 'stream-ended',
    message: 'The playback is over',
    retryable: false,
    status: 404,
  });
}
