import { IotError, XP2PErrorCode } from '../errors';
import { isKeyframe, isSetUp, sameBytes } from '../media/flv';
import type { FlvHeader, FlvTag } from '../media/flv';
import { RecordedPart } from './recorded-part';
import type { RecordingFile } from './recording-file';
import type { StreamTap } from './stream-tap';

/** Why a recording is over. */
export type RecorderEnd = 'stopped' | 'full';

export interface RecorderProgress {
  /** Of all files. */
  readonly bytes: number;
  readonly durationMs: number;
  /** Files begun. */
  readonly files: number;
}

export interface RecorderOptions {
  /** Makes the file with this number, from 0 on. */
  readonly openFile: (index: number) => RecordingFile;
  /** Size of a file in bytes (default 100 MiB). */
  readonly maxFileBytes?: number;
  /** Begins another file when one is full, without losing anything (default false: it ends then). */
  readonly rolling?: boolean;
  /** The recording has ended by itself: it is full. `stop` gives the result. */
  readonly onFull?: () => void;
}

const DEFAULT_MAX_FILE_BYTES = 100 * 1024 * 1024;

/**
 * Records what a player shows, from the latest keyframe on. It goes on over reconnections; when the
 * decoders' set-up changes, as with another quality, it begins another file.
 */
export class StreamRecorder {
  private readonly unlisten: () => void;
  private readonly maxFileBytes: number;
  private header: FlvHeader | null = null;
  private readonly setups = new Map<FlvTag['type'], FlvTag>();
  private part: RecordedPart | null = null;
  private readonly finishing: Promise<void>[] = [];
  /** Of the finished files. */
  private finished = { bytes: 0, durationMs: 0 };
  private files = 0;
  private awaitsKeyframe = true;
  /** Since the latest keyframe, to begin the next file with where a group does not fit. */
  private group: FlvTag[] = [];
  private groupBytes = 0;
  private largestGroupBytes = 0;
  private result: Promise<RecorderEnd> | null = null;

  constructor(
    tap: StreamTap,
    private readonly options: RecorderOptions,
  ) {
    this.maxFileBytes = options.maxFileBytes ?? DEFAULT_MAX_FILE_BYTES;
    let unlisten = (): void => undefined;
    this.unlisten = () => unlisten();
    unlisten = tap.listen({
      onBegin: (header) => this.onBegin(header),
      onTag: (tag) => this.onTag(tag),
    });
    // It may have been full of the cache already.
    if (this.result !== null) unlisten();
  }

  get progress(): RecorderProgress {
    const { bytes, durationMs } = this.finished;
    return {
      bytes: bytes + (this.part?.bytes ?? 0),
      durationMs: durationMs + (this.part?.durationMs ?? 0),
      files: this.files,
    };
  }

  /**
   * Ends the recording.
   * @returns why it is over, when its files are whole; the same however often it is called. Rejects
   *   with an `IotError`: `recording-empty`, or what kept a file from being written.
   */
  stop(): Promise<RecorderEnd> {
    return this.end('stopped');
  }

  private onBegin(header: FlvHeader): void {
    this.header = header;
    this.setups.clear();
    this.awaitsKeyframe = true;
    this.part?.seam();
  }

  private onTag(tag: FlvTag): void {
    if (this.result !== null || tag.type === 'script') return;
    if (isSetUp(tag)) {
      this.onSetup(tag);
      return;
    }
    const starts = isKeyframe(tag) || this.header?.hasVideo === false;
    if (this.awaitsKeyframe && !starts) return;
    this.awaitsKeyframe = false;
    if (starts) this.beginGroup();
    this.group.push(tag);
    this.groupBytes += sizeOf(tag);
    this.write(tag);
  }

  private onSetup(tag: FlvTag): void {
    const known = this.setups.get(tag.type);
    if (known !== undefined && sameBytes(known.data, tag.data)) return;
    this.setups.set(tag.type, tag);
    // Sound is often set up after the first picture.
    if (known === undefined && this.part?.adopt(tag) === true) return;
    // What follows cannot be decoded with the old one; a file has one set-up.
    if (tag.type === 'video') this.awaitsKeyframe = true;
  }

  private beginGroup(): void {
    this.largestGroupBytes = Math.max(this.largestGroupBytes, this.groupBytes);
    this.group = [];
    this.groupBytes = 0;
    const { part } = this;
    if (part === null) return;
    if (!sameSetups(part.setups, this.setups)) this.closePart();
    else if (part.bytes + this.largestGroupBytes > this.maxFileBytes) this.closeFullPart();
  }

  private write(tag: FlvTag): void {
    if (this.result !== null) return;
    if (this.part === null) {
      this.openPart().write(tag);
      return;
    }
    if (this.part.bytes + sizeOf(tag) <= this.maxFileBytes) {
      this.part.write(tag);
      return;
    }
    this.closeFullPart();
    if (this.result !== null) return;
    // A file begins with a keyframe, so this one repeats what has come since; no picture is lost.
    const part = this.openPart();
    for (const each of this.group) part.write(each);
    if (part.bytes > this.maxFileBytes) void this.end('full');
  }

  private openPart(): RecordedPart {
    const file = this.options.openFile(this.files++);
    const header = this.header ?? { hasAudio: true, hasVideo: true };
    this.part = new RecordedPart(file, header, new Map(this.setups));
    return this.part;
  }

  private closeFullPart(): void {
    if (this.options.rolling === true) this.closePart();
    else void this.end('full');
  }

  private closePart(): void {
    const { part } = this;
    if (part === null) return;
    this.part = null;
    const { bytes, durationMs } = this.finished;
    this.finished = {
      bytes: bytes + part.bytes,
      durationMs: durationMs + part.durationMs,
    };
    const whole = part.finish();
    // It is awaited at the end only.
    whole.catch(() => undefined);
    this.finishing.push(whole);
  }

  private end(why: RecorderEnd): Promise<RecorderEnd> {
    if (this.result !== null) return this.result;
    this.unlisten();
    this.closePart();
    this.group = [];
    this.result = this.files === 0 ? Promise.reject(empty()) : this.settle(why);
    this.result.catch(() => undefined);
    if (why === 'full') this.options.onFull?.();
    return this.result;
  }

  private async settle(why: RecorderEnd): Promise<RecorderEnd> {
    for (const whole of this.finishing) await whole;
    return why;
  }
}

/** With the tag's head and the size behind it. */
function sizeOf(tag: FlvTag): number {
  return tag.data.length + 15;
}

function sameSetups(
  a: ReadonlyMap<FlvTag['type'], FlvTag>,
  b: ReadonlyMap<FlvTag['type'], FlvTag>,
): boolean {
  const same = (type: FlvTag['type']): boolean => {
    const [mine, other] = [a.get(type), b.get(type)];
    // A pull that has just begun may not have set it up yet.
    if (mine === undefined || other === undefined) return true;
    return sameBytes(mine.data, other.data);
  };
  return same('video') && same('audio');
}

function empty(): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'recording-empty',
    message: 'the recording ended before the first keyframe',
    retryable: true,
  });
}
