import type { FileHandle } from 'node:fs/promises';
import {
  FlvReader,
  encodeFlvHeader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
} from '../../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import { messageOf } from './card-fs';
import type { CardStore } from './card-store';
import type { Piece } from './recorded-times';
import type { Segment } from './segment';
import { TagScanner } from './tag-scanner';
import type { CardLog } from './types';

/** What a playback reads, in order. */
export type PlaybackItem =
  | { readonly kind: 'header'; readonly header: FlvHeader }
  /** Metadata or a sequence header, as the file has it. */
  | { readonly kind: 'setup'; readonly tag: FlvTag }
  /** What comes next does not join what came before. */
  | { readonly kind: 'gap' }
  | {
      readonly kind: 'frame';
      readonly tag: FlvTag;
      /** When it was recorded, in unix ms. */
      readonly recordedMs: number;
      readonly keyframe: boolean;
    };

export interface PlaybackCursorOptions {
  readonly store: CardStore;
  readonly channel: number;
  readonly log: CardLog;
  /** Where the range ends, in unix ms. */
  readonly endMs: number;
  readonly audioOnly: boolean;
  /**
   * Resolves once there may be more of a segment that is being written.
   * @returns false to give up.
   */
  readonly waitForMore: (segment: Segment) => Promise<boolean>;
}

const BLOCK_BYTES = 128 * 1024;
/** Pieces closer than this join: what lies between comes from rounding. */
const JOIN_MS = 100;

/** Reads recordings in the order of time, a block at a time, across files and gaps. */
export class PlaybackCursor {
  constructor(private readonly options: PlaybackCursorOptions) {}

  /** Begins with the keyframe before `fromMs`; where there is a gap, with the first one after it. */
  async *read(fromMs: number): AsyncGenerator<PlaybackItem, void, void> {
    const { store, channel, endMs } = this.options;
    let atMs = fromMs;
    let last: Segment | null = null;
    let lastEndMs: number | null = null;
    for (;;) {
      const piece = store.times(channel).from(atMs);
      // A segment that was given up waiting for is not entered a second time.
      if (!piece || piece.startMs >= endMs || piece.segment === last) return;
      last = piece.segment;
      const beginMs = Math.max(atMs, piece.startMs);
      if (lastEndMs !== null && beginMs - lastEndMs > JOIN_MS) yield { kind: 'gap' };
      yield* this.readPiece(piece, beginMs);
      lastEndMs = piece.endMs;
      // Forward in any case, even if the piece has changed under our hands.
      atMs = Math.max(atMs + 1, piece.endMs);
    }
  }

  private async *readPiece(piece: Piece, fromMs: number): AsyncGenerator<PlaybackItem, void, void> {
    const { store, log } = this.options;
    const { segment } = piece;
    let handle: FileHandle;
    try {
      handle = await store.open(segment);
    } catch (error) {
      log.warn(`cannot play the recording ${segment.fileName}: ${messageOf(error)}`);
      return yield { kind: 'gap' };
    }
    try {
      const offset = await this.findStart(handle, segment, fromMs - segment.startMs);
      yield* this.readTags(piece, handle, offset);
    } catch (error) {
      log.warn(`cannot play on in the recording ${segment.fileName}: ${messageOf(error)}`);
      yield { kind: 'gap' };
    } finally {
      await handle.close();
    }
  }

  /** @returns where the last keyframe at or before a time begins, the first one at the least. */
  private async findStart(handle: FileHandle, segment: Segment, timeMs: number): Promise<number> {
    const scanner = new TagScanner(handle, segment.bytes);
    let found: number | null = null;
    for (let next = await scanner.next(); next; next = await scanner.next()) {
      if (isSetup(next.tag)) continue;
      if (found !== null && next.tag.timestampMs > timeMs) break;
      // A file without pictures can be entered anywhere.
      if (found === null || isKeyframe(next.tag)) found = next.offset;
    }
    return found ?? 0;
  }

  private async *readTags(
    piece: Piece,
    handle: FileHandle,
    offset: number,
  ): AsyncGenerator<PlaybackItem, void, void> {
    const { segment } = piece;
    const { audioOnly, endMs, waitForMore } = this.options;
    let reader = new FlvReader();
    let at = 0;
    let inSetup = true;
    const block = new Uint8Array(BLOCK_BYTES);
    for (;;) {
      const wanted = Math.min(BLOCK_BYTES, segment.bytes - at);
      if (wanted <= 0) {
        if (segment.finished || !(await waitForMore(segment))) return;
        continue;
      }
      const { bytesRead } = await handle.read(block, 0, wanted, at);
      if (bytesRead === 0) throw new Error('the file is shorter than it was');
      at += bytesRead;
      const { header, tags, error } = reader.push(block.subarray(0, bytesRead));
      if (header && inSetup) yield { kind: 'header', header };
      for (const tag of tags) {
        if (isSetup(tag)) {
          if (inSetup) yield { kind: 'setup', tag };
          continue;
        }
        if (inSetup) {
          inSetup = false;
          if (offset > 0) {
            at = offset;
            reader = new FlvReader();
            reader.push(encodeFlvHeader({ hasAudio: true, hasVideo: true }));
            break;
          }
        }
        const recordedMs = segment.startMs + tag.timestampMs;
        // What a later recording hides, and what was not asked for.
        const isTrimmed = piece.endMs < segment.endMs;
        if (recordedMs >= endMs || (isTrimmed && recordedMs >= piece.endMs)) return;
        if (audioOnly && tag.type !== 'audio') continue;
        yield { kind: 'frame', tag, recordedMs, keyframe: isKeyframe(tag) };
      }
      if (error) throw error;
    }
  }
}

function isSetup(tag: FlvTag): boolean {
  return tag.type === 'script' || isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag);
}
