import { encodeFlvHeader, encodeFlvTag } from '../../../services/media/flv';
import { PlaybackCursor } from './playback-cursor';
import type { PlaybackCursorOptions } from './playback-cursor';

export interface RecordedKeyframe {
  /** When it was recorded, in unix ms. */
  readonly recordedMs: number;
  /** FLV with it alone, and what a decoder has to know. */
  readonly flv: Uint8Array;
}

/** Frames that are looked at: a recording without pictures has no keyframe. */
const MAX_FRAMES = 200;

/**
 * Reads the keyframe before a time; where there is a gap, the first one after it.
 * @param fromMs unix ms.
 */
export async function readKeyframe(
  options: Omit<PlaybackCursorOptions, 'audioOnly' | 'waitForMore'>,
  fromMs: number,
): Promise<RecordedKeyframe | null> {
  const cursor = new PlaybackCursor({
    ...options,
    audioOnly: false,
    waitForMore: () => Promise.resolve(false),
  });
  let setup: Uint8Array[] = [];
  let frames = 0;
  for await (const item of cursor.read(fromMs)) {
    // Another file brings its own.
    if (item.kind === 'header') setup = [];
    if (item.kind === 'setup' && item.tag.type === 'video') setup.push(encodeFlvTag(item.tag, 0));
    if (item.kind !== 'frame') continue;
    if (item.keyframe) {
      const head = encodeFlvHeader({ hasAudio: false, hasVideo: true });
      const flv = Buffer.concat([head, ...setup, encodeFlvTag(item.tag, 0)]);
      return { recordedMs: item.recordedMs, flv };
    }
    if (++frames > MAX_FRAMES) return null;
  }
  return null;
}
