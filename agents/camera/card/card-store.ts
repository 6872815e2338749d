import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { isAudioSequenceHeader, isVideoSequenceHeader } from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import type { Clock } from '../../../services/host';
import { errorCode, messageOf, syncFolder } from './card-fs';
import type { CardFs } from './card-fs';
import { CardLock } from './card-lock';
import { EventStore } from './event-store';
import { DURATION_OFFSET } from './segment-head';
import { RecordedTimes } from './recorded-times';
import { MAX_DURATION_MS, formatSegmentName, segmentOf } from './segment';
import type { Segment, SegmentCause } from './segment';
import { LAST_FRAME_MS } from './segment-cutter';
import { FLV_START_BYTES, TagScanner, hasFlvStart, readLastTag } from './tag-scanner';
import type { CardLog } from './types';

/** Channels are folders of this name. */
const FOLDER = /^channel-(\d{1,3})$/;
export const MAX_CHANNEL = 999;
/** How many files are looked at a time when the card is read. */
const READ_AT_ONCE = 16;
/** Between the end that a file's name tells and its last tag. */
const END_TOLERANCE_MS = 2_000;
/** What pictures of events may take, besides the recordings. */
const EVENTS_SHARE = 1 / 16;
/** An unfinished file may be renamed while it is being opened. */
const MAX_OPEN_ATTEMPTS = 20;

export interface CardStoreOptions {
  readonly directory: string;
  readonly maxBytes: number;
  readonly fs: CardFs;
  readonly clock: Clock;
  readonly log: CardLog;
}

/**
 * The files of the card.
 *
 * A finished segment tells all there is to know by its name, and is never changed; renaming is what
 * finishes it. So a loss of power leaves finished files, and one unfinished file per channel that is
 * repaired at the next start.
 */
export class CardStore {
  private readonly channels = new Map<number, RecordedTimes>();
  /** In the order of recording. */
  private segments: Segment[] = [];
  private nextSequence = 1;
  private used = 0;
  private loading: Promise<void> | null = null;
  private readonly lock: CardLock;
  readonly events: EventStore;

  constructor(private readonly options: CardStoreOptions) {
    const { directory, fs, log, maxBytes } = options;
    this.events = new EventStore({ directory, fs, log, maxBytes: maxBytes * EVENTS_SHARE });
    this.lock = new CardLock(options.directory, options.fs, options.clock);
  }

  get usedBytes(): number {
    return this.used;
  }

  get maxBytes(): number {
    return this.options.maxBytes;
  }

  times(channel: number): RecordedTimes {
    let times = this.channels.get(channel);
    if (times === undefined) this.channels.set(channel, (times = new RecordedTimes()));
    return times;
  }

  /** Looks a file up by its name; names are never made into paths. */
  find(channel: number, fileName: string): Segment | null {
    const named = (one: Segment): boolean => one.channel === channel && one.fileName === fileName;
    return this.segments.find((segment) => segment.finished && named(segment)) ?? null;
  }

  /** @throws the system's error when it is gone, or cannot be read. */
  async open(segment: Segment): Promise<FileHandle> {
    for (let attempt = 1; ; attempt++) {
      const { fileName, finished } = segment;
      try {
        return await this.options.fs.open(this.pathOf(segment), 'r');
      } catch (error) {
        if (errorCode(error) !== 'ENOENT' || attempt === MAX_OPEN_ATTEMPTS) throw error;
        if (finished) {
          this.forget(segment);
          throw error;
        }
        // It is being renamed: the disk knows, the segment will in a moment.
        if (segment.fileName === fileName) await setImmediate();
      }
    }
  }

  /**
   * Reads the card, and repairs what a loss of power left; once done, later calls do nothing.
   * @throws CardInUseError; the system's error when the folder cannot be made, read or written.
   */
  load(): Promise<void> {
    this.loading ??= this.readAll().catch((error: unknown) => {
      this.loading = null;
      throw error;
    });
    return this.loading;
  }

  /**
   * Begins a file; it is listed from its first `grow` on.
   * @returns the segment, and the file to write to.
   * @throws the system's error.
   */
  async begin(
    channel: number,
    startMs: number,
    cause: SegmentCause,
  ): Promise<{ segment: Segment; handle: FileHandle }> {
    await this.load();
    const { fs, directory } = this.options;
    const name = { sequence: this.nextSequence, startMs, cause, durationMs: null };
    const segment = segmentOf(channel, formatSegmentName(name), 0)!;
    const path = this.pathOf(segment);
    await fs.mkdir(dirname(path), { recursive: true });
    const handle = await fs.open(path, 'wx+');
    this.reserve(segment.sequence);
    // What is written into a file is safe only where its name is.
    await syncFolder(fs, dirname(path));
    await syncFolder(fs, directory);
    return { segment, handle };
  }

  /** A segment has more by now, safely on the disk: whole tags. */
  grow(segment: Segment, bytes: number, endMs: number): void {
    const isNew = segment.bytes === 0;
    this.used += bytes - segment.bytes;
    segment.bytes = bytes;
    segment.endMs = Math.max(segment.endMs, endMs);
    if (isNew) this.insert(segment);
    else this.times(segment.channel).grow(segment);
  }

  /**
   * Gives a segment its final name, and closes its file.
   * @throws the system's error.
   */
  async finish(segment: Segment, handle: FileHandle, endMs: number): Promise<void> {
    const durationMs = Math.min(Math.max(0, Math.round(endMs - segment.startMs)), MAX_DURATION_MS);
    try {
      await writeDuration(handle, durationMs);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    const { sequence, startMs, cause } = segment;
    const from = this.pathOf(segment);
    const fileName = formatSegmentName({ sequence, startMs, cause, durationMs });
    const to = join(dirname(from), fileName);
    await this.options.fs.rename(from, to);
    segment.fileName = fileName;
    segment.finished = true;
    segment.endMs = startMs + durationMs;
    this.times(segment.channel).grow(segment);
    await syncFolder(this.options.fs, dirname(to));
  }

  /**
   * Finishes what could not be finished when the disk failed.
   * @throws the system's error when it still cannot.
   */
  async salvage(segment: Segment): Promise<void> {
    this.forget(segment);
    const repaired = await this.repair(segment);
    if (repaired) this.add(repaired);
  }

  /** Deletes the oldest files until the rest fits. */
  async makeRoom(): Promise<void> {
    while (this.used > this.options.maxBytes && (await this.deleteOldest()));
    for (const [channel, times] of this.channels) {
      await this.events.dropBefore(channel, times.pieces[0]?.startMs ?? 0);
    }
  }

  /** @returns false when there is none that could be deleted. */
  async deleteOldest(): Promise<boolean> {
    const oldest = this.segments.find(({ finished }) => finished);
    if (oldest === undefined) return false;
    const path = this.pathOf(oldest);
    this.forget(oldest);
    try {
      await this.options.fs.unlink(path);
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return true;
      this.options.log.warn(`cannot delete the recording ${oldest.fileName}: ${messageOf(error)}`);
    }
    return true;
  }

  /** Lets other processes have the card. */
  close(): Promise<void> {
    return this.lock.release();
  }

  /** Takes out of the lists what somebody else deleted. */
  async dropVanished(): Promise<void> {
    for (const segment of this.segments.filter(({ finished }) => finished)) {
      try {
        await this.options.fs.stat(this.pathOf(segment));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') this.forget(segment);
      }
    }
  }

  private async readAll(): Promise<void> {
    const { fs, directory } = this.options;
    await fs.mkdir(directory, { recursive: true });
    await this.lock.acquire();
    const found: Segment[] = [];
    const channels: number[] = [];
    for (const folder of await fs.readdir(directory)) {
      const channel = FOLDER.exec(folder)?.[1];
      if (channel === undefined) continue;
      channels.push(Number(channel));
      for (const name of await fs.readdir(join(directory, folder))) {
        const segment = segmentOf(Number(channel), name, 0);
        if (segment) found.push(segment);
      }
    }
    const read: (Segment | null)[] = [];
    for (let at = 0; at < found.length; at += READ_AT_ONCE) {
      const some = found.slice(at, at + READ_AT_ONCE);
      read.push(...(await Promise.all(some.map((segment) => this.read(segment)))));
    }
    // No number is given twice, not even that of a file that was left out.
    for (const { sequence } of found) this.reserve(sequence);
    const sound = read.filter((segment) => segment !== null);
    for (const segment of sound.sort((a, b) => a.sequence - b.sequence)) this.add(segment);
    for (const channel of channels) await this.events.load(channel);
    await this.makeRoom();
  }

  private pathOf(segment: Segment): string {
    return join(this.options.directory, `channel-${segment.channel}`, segment.fileName);
  }

  private reserve(sequence: number): void {
    this.nextSequence = Math.max(this.nextSequence, sequence + 1);
  }

  private add(segment: Segment): void {
    this.used += segment.bytes;
    this.insert(segment);
  }

  private insert(segment: Segment): void {
    // Two channels may begin in one order and grow in the other.
    let at = this.segments.length;
    while (at > 0 && this.segments[at - 1]!.sequence > segment.sequence) at--;
    this.segments.splice(at, 0, segment);
    this.times(segment.channel).add(segment);
  }

  private forget(segment: Segment): void {
    const at = this.segments.indexOf(segment);
    if (at < 0) return;
    this.segments.splice(at, 1);
    this.used -= segment.bytes;
    this.times(segment.channel).remove(segment);
  }

  /** @returns null for a file that is left out. */
  private async read(segment: Segment): Promise<Segment | null> {
    try {
      if (segment.finished) return (await this.isSound(segment)) ? segment : null;
      return await this.repair(segment);
    } catch (error) {
      this.options.log.warn(`cannot read the recording ${segment.fileName}: ${messageOf(error)}`);
      return null;
    }
  }

  private async isSound(segment: Segment): Promise<boolean> {
    const handle = await this.options.fs.open(this.pathOf(segment), 'r');
    try {
      segment.bytes = (await handle.stat()).size;
      const last = await readLastTag(handle, segment.bytes);
      const lastMs = segment.startMs + (last?.tag.timestampMs ?? Infinity);
      if ((await hasFlvStart(handle)) && lastMs <= segment.endMs + END_TOLERANCE_MS) return true;
    } finally {
      await handle.close();
    }
    this.options.log.warn(`the recording ${segment.fileName} is damaged, and left out`);
    return false;
  }

  /** Cuts a torn file behind its last whole tag, and finishes it; one without a frame is deleted. */
  private async repair(segment: Segment): Promise<Segment | null> {
    const { fs, log } = this.options;
    const handle = await fs.open(this.pathOf(segment), 'r+');
    let lastMs: number | null = null;
    let bytes = FLV_START_BYTES;
    try {
      const { size } = await handle.stat();
      if (await hasFlvStart(handle)) {
        const scanner = new TagScanner(handle, size);
        for (let found = await scanner.next(); found; found = await scanner.next()) {
          bytes = found.endOffset;
          if (isFrame(found.tag)) lastMs = Math.max(lastMs ?? 0, found.tag.timestampMs);
        }
      }
      if (lastMs !== null) await handle.truncate(bytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
    if (lastMs === null) {
      await handle.close();
      await fs.unlink(this.pathOf(segment));
      return null;
    }
    segment.bytes = bytes;
    await this.finish(segment, handle, segment.startMs + lastMs + LAST_FRAME_MS);
    log.info(`the recording ${segment.fileName} was cut off, and is whole again`);
    return segment;
  }
}

function isFrame(tag: FlvTag): boolean {
  return tag.type !== 'script' && !isVideoSequenceHeader(tag) && !isAudioSequenceHeader(tag);
}

async function writeDuration(handle: FileHandle, durationMs: number): Promise<void> {
  const seconds = Buffer.alloc(8);
  seconds.writeDoubleBE(durationMs / 1000);
  await handle.write(seconds, 0, seconds.length, DURATION_OFFSET);
}
