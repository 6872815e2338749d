import {
  FlvReader,
  isAudioSequenceHeader,
  isKeyframe,
  isVideoSequenceHeader,
  parseVideoTag,
} from '../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../services/media/flv';

/** A recording that is ready to be played over and over. */
export interface Clip {
  readonly header: FlvHeader;
  /** Metadata and sequence headers. */
  readonly setup: readonly FlvTag[];
  /** Pictures and sound in order; the first picture is at 0 ms. */
  readonly frames: readonly FlvTag[];
  /** When the first frame is due again, in ms. */
  readonly periodMs: number;
}

/**
 * Cuts a recording so that its end meets its beginning.
 *
 * The pictures set the period. Audio frames rarely fill it exactly, so those that would overlap with
 * the next round are left out; a gap of up to one frame remains, and it does not add up, since every
 * round starts at a multiple of the period.
 * @throws Error when the recording is not FLV, begins without a keyframe, or lacks sound at its end.
 */
export function prepareClip(bytes: Uint8Array): Clip {
  const { header, tags, error } = new FlvReader().push(bytes);
  if (error) throw error;
  if (!header) throw new Error('the clip is cut off within its header');
  const setup = tags.filter(isSetup);
  const media = tags.filter((tag) => !isSetup(tag) && parseVideoTag(tag)?.packet !== 'end');
  const video = media.filter(({ type }) => type === 'video');
  const first = video[0];
  if (first === undefined || video.length < 2 || !isKeyframe(first)) {
    throw new Error('the clip does not begin with a keyframe');
  }
  const originMs = first.timestampMs;
  const periodMs = Math.round(frameMs(video) * video.length);
  const audio = media.filter(({ type }) => type === 'audio');
  const lastAudioMs = periodMs - (audio.length > 1 ? frameMs(audio) / 2 : 0);
  const frames = media
    .map((tag) => ({ ...tag, timestampMs: tag.timestampMs - originMs }))
    .filter(
      ({ type, timestampMs }) =>
        timestampMs >= 0 && (type === 'video' || timestampMs < lastAudioMs),
    );
  if (audio.length > 1) requireSeam(frames, periodMs, frameMs(audio));
  return { header, setup, frames, periodMs };
}

function isSetup(tag: FlvTag): boolean {
  return tag.type === 'script' || isVideoSequenceHeader(tag) || isAudioSequenceHeader(tag);
}

/** The mean distance of frames: single ones are rounded to whole ms. */
function frameMs(frames: readonly FlvTag[]): number {
  const spanMs = frames.at(-1)!.timestampMs - frames[0]!.timestampMs;
  return spanMs / (frames.length - 1);
}

function requireSeam(frames: readonly FlvTag[], periodMs: number, audioFrameMs: number): void {
  const audio = frames.filter(({ type }) => type === 'audio');
  const gapMs = audio[0]!.timestampMs + periodMs - audio.at(-1)!.timestampMs;
  // Two frames apart is one frame missing; the last ms is for rounding.
  if (gapMs > 2 * audioFrameMs + 1) {
    throw new Error(`the clip's sound leaves a gap of ${Math.round(gapMs)} ms where it loops`);
  }
}
