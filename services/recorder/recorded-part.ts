import { encodeAmf0, encodeFlvHeader, encodeFlvTag } from '../media/flv';
import type { Amf0Value, FlvHeader, FlvTag } from '../media/flv';
import type { RecordingFile } from './recording-file';

/** A pull goes on in the file of the one before it after so long, in ms: a frame at 25 pictures/s. */
const SEAM_MS = 40;

/** One FLV file of a recording: begins at 0 with the head, the set-ups and a keyframe. */
export class RecordedPart {
  private written = 0;
  private latestMs = 0;
  /** The stream's time that is 0 in the file; null until the pull's first tag. */
  private baseMs: number | null = null;

  constructor(
    private readonly file: RecordingFile,
    private readonly header: FlvHeader,
    /** What the decoders were set up with. */
    readonly setups: Map<FlvTag['type'], FlvTag>,
  ) {
    this.append(this.head());
    for (const setup of setups.values()) this.append(encodeFlvTag(setup, 0));
  }

  get bytes(): number {
    return this.written;
  }

  get durationMs(): number {
    return this.latestMs;
  }

  /** What comes next has times of its own, and goes on where this file is. */
  seam(): void {
    this.baseMs = null;
  }

  /** Takes a set-up that the file has none of yet. @returns whether it did */
  adopt(setup: FlvTag): boolean {
    if (this.setups.has(setup.type)) return false;
    this.setups.set(setup.type, setup);
    this.append(encodeFlvTag(setup, this.latestMs));
    return true;
  }

  write(tag: FlvTag): void {
    this.baseMs ??= tag.timestampMs - (this.latestMs === 0 ? 0 : this.latestMs + SEAM_MS);
    // Sound may begin a little before the keyframe that the file begins with.
    const placedMs = Math.max(0, tag.timestampMs - this.baseMs);
    this.latestMs = Math.max(this.latestMs, placedMs);
    this.append(encodeFlvTag(tag, placedMs));
  }

  finish(): Promise<void> {
    return this.file.finish(this.head());
  }

  private append(bytes: Uint8Array): void {
    this.written += bytes.length;
    this.file.write(bytes);
  }

  /** Of the same length whatever its numbers are. */
  private head(): Uint8Array {
    const properties = new Map<string, Amf0Value>([
      ['duration', this.latestMs / 1_000],
      ['filesize', this.written],
      ['hasAudio', this.header.hasAudio],
      ['hasVideo', this.header.hasVideo],
    ]);
    const data = encodeAmf0(['onMetaData', properties]);
    const start = encodeFlvHeader(this.header);
    const metadata = encodeFlvTag({ type: 'script', timestampMs: 0, data });
    const out = new Uint8Array(start.length + metadata.length);
    out.set(start);
    out.set(metadata, start.length);
    return out;
  }
}
