import {
  FlvReader,
  encodeFlvHeader,
  encodeFlvTag,
  metadataTag,
  readMetadata,
} from '../../../services/media/flv';
import type { FlvTag } from '../../../services/media/flv';
import { Timeline } from '../timeline';
import type { TalkFile, TalkSink } from './talk-sink';

/** Where the header tells what the file holds. */
const FLAGS_OFFSET = 4;

/**
 * Keeps FLV as whole tags from 0 ms on. Pushers write the time of day as timestamps, and headers that
 * name neither sound nor picture; players want neither.
 */
export class FlvSink implements TalkSink {
  private readonly reader = new FlvReader({ maxTagBytes: 1024 * 1024 });
  private readonly timeline = new Timeline();
  private hasAudio = false;
  private hasVideo = false;
  private firstMs: number | null = null;
  private lastMs = 0;

  constructor(private readonly file: TalkFile) {
    file.append(encodeFlvHeader({ hasAudio: false, hasVideo: false }));
  }

  get durationMs(): number {
    return this.firstMs === null ? 0 : this.lastMs - this.firstMs;
  }

  write(bytes: Uint8Array): string | null {
    const { tags, error } = this.reader.push(bytes);
    for (const tag of tags) this.store(tag);
    return error?.message ?? null;
  }

  close(): void {
    this.file.close();
  }

  private store(tag: FlvTag): void {
    if (tag.type === 'script') {
      const metadata = readMetadata(tag);
      if (metadata) this.file.append(encodeFlvTag(metadataTag(metadata), this.durationMs));
      return;
    }
    if (tag.data.length === 0) return;
    this.announce(tag.type);
    const timeMs = this.timeline.next(tag.timestampMs);
    this.firstMs ??= timeMs;
    this.lastMs = Math.max(this.lastMs, timeMs, this.firstMs);
    this.file.append(encodeFlvTag(tag, Math.max(0, timeMs - this.firstMs)));
  }

  private announce(type: 'audio' | 'video'): void {
    if (type === 'audio' ? this.hasAudio : this.hasVideo) return;
    if (type === 'audio') this.hasAudio = true;
    else this.hasVideo = true;
    const header = encodeFlvHeader({ hasAudio: this.hasAudio, hasVideo: this.hasVideo });
    this.file.patch(header.subarray(FLAGS_OFFSET, FLAGS_OFFSET + 1), FLAGS_OFFSET);
  }
}
