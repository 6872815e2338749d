import { isKeyframe } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import type { ResponseWriter } from '../../../services/p2p/http';
import { Calendar, daysInMonth } from './calendar';
import { messageOf, nodeFs } from './card-fs';
import { CardStore, MAX_CHANNEL } from './card-store';
import { answerError, badParameter, rejected, requireInteger } from './errors';
import { FileDownload } from './file-download';
import type { CardFile } from './file-download';
import { MotionMeter } from './motion-meter';
import type { Motion } from './motion-meter';
import { Playback } from './playback';
import { readKeyframe } from './read-keyframe';
import { MAX_WALL_MS } from './segment';
import { SegmentRecorder } from './segment-recorder';
import type {
  CardApi,
  CardOptions,
  FileEntry,
  FileQuery,
  FileRequest,
  PlaybackRequest,
  PlaybackSession,
  EventEntry,
  RecordEntry,
  Recorder,
  Thumbnail,
  TimeRange,
} from './types';

const DEFAULTS = {
  maxBytes: 2 * 1024 ** 3,
  segmentMs: 60_000,
  flushMs: 500,
  maxPlaybacks: 8,
  maxDownloads: 8,
  fs: nodeFs,
};
const MIN_BYTES = 1024 ** 2;
/** A month, however its clocks change: the answer is one message. */
const MAX_FILES_RANGE_S = 32 * 86_400;
const VIDEO = '0';
const PICTURE = '1';
/** Widths of pictures: of those that are kept, and of those that are looked for on a timeline. */
const PICTURE_WIDTH = 640;
const THUMBNAIL_WIDTH = 160;
const MAX_THUMBNAILS = 64;
/** What moves is in full view a little after it began. */
const LATER_MS = 1_000;
const FILE_TYPE = /^[\w-]{1,16}$/;

/** The camera's memory card: it records, tells what is recorded, plays it, and hands its files out. */
export class Card implements CardApi {
  private readonly options: CardOptions & typeof DEFAULTS;
  private readonly calendar: Calendar;
  private readonly store: CardStore;
  private readonly recorders = new Map<number, SegmentRecorder>();
  private readonly playbacks = new Set<Playback>();
  private readonly downloads = new Set<FileDownload>();
  /** The latest ones, by channel and moment. */
  private readonly thumbnails = new Map<string, Thumbnail>();
  /** What is still being noted down. */
  private noting: Promise<void> = Promise.resolve();
  private isClosed = false;

  private constructor(options: CardOptions) {
    this.options = { ...DEFAULTS, ...options };
    const { maxBytes, segmentMs, flushMs, maxPlaybacks, maxDownloads } = this.options;
    requireInteger('maxBytes', maxBytes, MIN_BYTES, Number.MAX_SAFE_INTEGER);
    requireInteger('segmentMs', segmentMs, 1_000, 3_600_000);
    requireInteger('flushMs', flushMs, 1, 1_000);
    requireInteger('maxPlaybacks', maxPlaybacks, 0, 1_000);
    requireInteger('maxDownloads', maxDownloads, 0, 1_000);
    if (options.directory === '') throw badParameter('directory', 'the card needs a folder');
    this.calendar = new Calendar(options.timeZone);
    this.store = new CardStore(this.options);
  }

  /**
   * Reads the card, and repairs what a loss of power left. A folder that cannot be used is no failure
   * here: the recorders say so, and try again.
   * @throws IotError (-2000) naming an option that is wrong.
   */
  static async open(options: CardOptions): Promise<Card> {
    const card = new Card(options);
    try {
      await card.store.load();
    } catch (error) {
      options.log.warn(`cannot read the recordings: ${messageOf(error)}`);
    }
    return card;
  }

  get timeZone(): string {
    return this.calendar.timeZone;
  }

  get usedBytes(): number {
    return this.store.usedBytes;
  }

  recorder(channel: number): Recorder {
    requireChannel(channel);
    const known = this.recorders.get(channel);
    if (known) return known;
    const { store } = this;
    const { clock, log, segmentMs, flushMs } = this.options;
    const meter = new MotionMeter();
    const onRecorded = (recordedMs: number, tag: FlvTag): void => {
      if (tag.type !== 'video') return;
      const motion = meter.next(recordedMs, tag.data.length, isKeyframe(tag));
      if (motion) this.note(channel, motion);
    };
    const recorder = new SegmentRecorder({
      ...{ channel, store, clock, log, segmentMs, flushMs, onRecorded },
    });
    if (this.isClosed) void recorder.close();
    this.recorders.set(channel, recorder);
    return recorder;
  }

  /** Brings what was recorded so far to the disk, of all channels. */
  async flush(): Promise<void> {
    await Promise.all([...this.recorders.values()].map((recorder) => recorder.flush()));
  }

  /**
   * Adds a finished recording where there is none.
   * @param recording `file` is FLV from a keyframe on, with times from 0; `joins` tells that it goes on
   * where another one ends.
   * @returns false when something is recorded in that time; nothing was written then.
   * @throws IotError (-2000, field `channel`); the system's error.
   */
  async addRecording(
    channel: number,
    recording: {
      readonly startMs: number;
      readonly durationMs: number;
      readonly joins: boolean;
      readonly file: Uint8Array;
    },
  ): Promise<boolean> {
    requireChannel(channel);
    const { startMs, durationMs, joins, file } = recording;
    await this.store.load();
    if (this.store.times(channel).hasAny(startMs, startMs + durationMs)) return false;
    const { segment, handle } = await this.store.begin(channel, startMs, joins ? 'next' : 'gap');
    await handle.writeFile(file);
    this.store.grow(segment, file.length, startMs + durationMs);
    await this.store.finish(segment, handle, startMs + durationMs);
    await this.store.makeRoom();
    return true;
  }

  /**
   * Keeps that something moved, with a picture of it where one can be made.
   * @param picture a JPEG (default: it is made of what was recorded).
   * @returns the picture; null for none.
   * @throws IotError (-2000, field `channel`); the system's error.
   */
  async addEvent(
    channel: number,
    motion: Motion,
    picture: Uint8Array | null = null,
  ): Promise<Uint8Array | null> {
    requireChannel(channel);
    await this.store.load();
    const kept = picture ?? (await this.pictureOf(channel, motion));
    await this.store.events.add(channel, motion, kept);
    return kept;
  }

  events({ channel, startS, endS }: TimeRange): EventEntry[] {
    requireRange({ channel, startS, endS });
    const times = this.store.times(channel);
    return this.store.events
      .between(channel, startS * 1000, endS * 1000)
      .filter(({ startMs, durationMs }) => times.hasAny(startMs, startMs + durationMs))
      .map(({ startMs, durationMs }) => ({
        start_time: Math.max(startS, Math.floor(startMs / 1000)),
        end_time: Math.min(endS, Math.ceil((startMs + durationMs) / 1000)),
      }));
  }

  async thumbnail(channel: number, timeS: number): Promise<Thumbnail | null> {
    requireRange({ channel, startS: timeS, endS: timeS + 1 });
    const { makePicture } = this.options;
    if (!makePicture) return null;
    const keyframe = await this.keyframeAt(channel, timeS * 1000);
    if (keyframe === null) return null;
    const { recordedMs } = keyframe;
    const key = `${channel} ${recordedMs}`;
    const known = this.thumbnails.get(key);
    if (known !== undefined) return known;
    const jpeg = await makePicture(keyframe.flv, THUMBNAIL_WIDTH);
    if (jpeg === null) return null;
    const thumbnail = { recordedMs, jpeg };
    this.thumbnails.set(key, thumbnail);
    for (const oldest of this.thumbnails.keys()) {
      if (this.thumbnails.size <= MAX_THUMBNAILS) break;
      this.thumbnails.delete(oldest);
    }
    return thumbnail;
  }

  month(channel: number, yyyymm: string): number {
    requireChannel(channel);
    if (!/^(19[7-9]\d|[2-9]\d{3})(0[1-9]|1[0-2])$/.test(yyyymm)) {
      throw badParameter('time', 'time has to be a month as yyyymm');
    }
    const times = this.store.times(channel);
    let mask = 0;
    const days = daysInMonth(Number(yyyymm.slice(0, 4)), Number(yyyymm.slice(4)));
    for (let day = 1; day <= days; day++) {
      const { startS, endS } = this.calendar.day(Number(yyyymm) * 100 + day);
      const hasAny = startS < endS && times.hasAny(startS * 1000, endS * 1000);
      if (hasAny) mask |= 1 << (day - 1);
    }
    return mask;
  }

  day(yyyymmdd: string): { readonly startS: number; readonly endS: number } {
    const match = /^(19[7-9]\d|[2-9]\d{3})(0[1-9]|1[0-2])([0-3]\d)$/.exec(yyyymmdd);
    const days = match ? daysInMonth(Number(match[1]), Number(match[2])) : 0;
    const day = Number(match?.[3]);
    if (!(day >= 1 && day <= days)) throw badParameter('date', 'date has to be a day as yyyymmdd');
    return this.calendar.day(Number(yyyymmdd));
  }

  /** The day in which a time lies, given in unix ms. */
  dayAt(ms: number): { readonly startS: number; readonly endS: number } {
    return this.calendar.day(this.calendar.dateAt(ms));
  }

  records({ channel, startS, endS }: TimeRange): RecordEntry[] {
    requireRange({ channel, startS, endS });
    const merged: { start_time: number; end_time: number }[] = [];
    for (const { startMs, endMs } of this.store
      .times(channel)
      .between(startS * 1000, endS * 1000)) {
      const start = Math.max(startS, Math.floor(startMs / 1000));
      const end = Math.min(endS, Math.ceil(endMs / 1000));
      const last = merged.at(-1);
      // Whole seconds that touch leave no gap that a viewer could ask for.
      if (last && start <= last.end_time) last.end_time = Math.max(last.end_time, end);
      else merged.push({ start_time: start, end_time: end });
    }
    return merged;
  }

  files({ channel, startS, endS, fileType = VIDEO }: FileQuery): FileEntry[] {
    requireRange({ channel, startS, endS });
    if (endS - startS > MAX_FILES_RANGE_S) {
      throw badParameter('end_time', 'end_time has to be at most 32 days after start_time');
    }
    if (!FILE_TYPE.test(fileType)) {
      throw badParameter('file_type', 'file_type has to be 0, 1 or another short word');
    }
    if (fileType === PICTURE) return this.pictures({ channel, startS, endS });
    if (fileType !== VIDEO) return [];
    return this.store
      .times(channel)
      .between(startS * 1000, endS * 1000)
      .filter(({ segment }) => segment.finished)
      .map(({ segment, startMs, endMs }) => ({
        file_type: VIDEO,
        file_name: segment.fileName,
        file_size: segment.bytes,
        start_time: Math.floor(startMs / 1000),
        end_time: Math.floor(endMs / 1000),
      }));
  }

  openPlayback(request: PlaybackRequest, response: ResponseWriter): PlaybackSession | null {
    const { channel, startS, endS, audioOnly = false } = request;
    try {
      requireRange({ channel, startS, endS });
      this.requireOpen();
      if (!this.store.times(channel).hasAny(startS * 1000, endS * 1000)) {
        throw rejected(404, 'nothing was recorded at that time');
      }
      if (this.playbacks.size >= this.options.maxPlaybacks) {
        throw rejected(503, 'too many playbacks, try later');
      }
    } catch (error) {
      answerError(response, error);
      return null;
    }
    const { store } = this;
    const { clock, log } = this.options;
    const playback: Playback = new Playback({
      ...{ store, clock, log, channel, response, audioOnly },
      startMs: startS * 1000,
      endMs: endS * 1000,
      onClose: () => this.playbacks.delete(playback),
    });
    this.playbacks.add(playback);
    return playback;
  }

  openFile({ channel, fileName, offset = 0 }: FileRequest, response: ResponseWriter): void {
    let sizeHeader = {};
    try {
      requireChannel(channel);
      requireInteger('offset', offset, 0, Number.MAX_SAFE_INTEGER);
      this.requireOpen();
      const file = this.findFile(channel, fileName);
      if (!file) throw rejected(404, 'there is no such file');
      if (offset > file.bytes) {
        sizeHeader = { 'content-range': `bytes */${file.bytes}` };
        throw rejected(416, `the file has ${file.bytes} bytes`);
      }
      if (this.downloads.size >= this.options.maxDownloads) {
        throw rejected(503, 'too many downloads, try later');
      }
      const { log } = this.options;
      const download: FileDownload = new FileDownload({
        ...{ log, response, file, offset },
        onClose: () => this.downloads.delete(download),
      });
      this.downloads.add(download);
    } catch (error) {
      answerError(response, error, sizeHeader);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    for (const playback of [...this.playbacks]) playback.close();
    for (const download of [...this.downloads]) download.close();
    await Promise.all([...this.recorders.values()].map((recorder) => recorder.close()));
    await this.noting;
    await this.store.close();
  }

  private pictures({ channel, startS, endS }: TimeRange): FileEntry[] {
    return this.store.events
      .between(channel, startS * 1000, endS * 1000)
      .filter(({ bytes }) => bytes > 0)
      .map(({ fileName, bytes, startMs, durationMs }) => ({
        file_type: PICTURE,
        file_name: fileName,
        file_size: bytes,
        start_time: Math.floor(startMs / 1000),
        end_time: Math.floor((startMs + durationMs) / 1000),
      }));
  }

  private findFile(channel: number, fileName: string): CardFile | null {
    const { store } = this;
    const segment = store.find(channel, fileName);
    if (segment !== null) {
      const { bytes } = segment;
      return { fileName, bytes, mimeType: 'video/x-flv', open: () => store.open(segment) };
    }
    const picture = store.events.find(channel, fileName);
    if (picture === null) return null;
    const { bytes } = picture;
    return { fileName, bytes, mimeType: 'image/jpeg', open: () => store.events.open(picture) };
  }

  /** One after the other, and never in the way of recording. */
  private note(channel: number, motion: Motion): void {
    this.noting = this.noting
      .then(async () => {
        if (!this.isClosed) await this.recorders.get(channel)?.flush();
        await this.addEvent(channel, motion);
      })
      .catch((error: unknown) => {
        this.options.log.warn(`an event could not be kept: ${messageOf(error)}`);
      });
  }

  private async pictureOf(channel: number, { startMs }: Motion): Promise<Uint8Array | null> {
    const { makePicture } = this.options;
    // A keyframe within the motion shows it; the one before may not.
    if (!makePicture) return null;
    const keyframe = await this.keyframeAt(channel, startMs + LATER_MS);
    return keyframe && makePicture(keyframe.flv, PICTURE_WIDTH);
  }

  private keyframeAt(channel: number, atMs: number): ReturnType<typeof readKeyframe> {
    const { store } = this;
    const { log } = this.options;
    return readKeyframe({ store, channel, log, endMs: MAX_WALL_MS }, atMs);
  }

  private requireOpen(): void {
    if (this.isClosed) throw rejected(503, 'the camera is about to stop');
  }
}

function requireChannel(channel: number): void {
  requireInteger('channel', channel, 0, MAX_CHANNEL);
}

function requireRange({ channel, startS, endS }: TimeRange): void {
  requireChannel(channel);
  requireInteger('start_time', startS, 0, MAX_WALL_MS / 1000);
  requireInteger('end_time', endS, 0, Math.ceil(MAX_WALL_MS / 1000));
  if (endS <= startS) throw badParameter('end_time', 'end_time has to be later than start_time');
}
