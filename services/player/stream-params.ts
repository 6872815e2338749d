import { sendsPictures } from '../device';
import type { IotDevice } from '../device';

/** The seed's picture qualities. */
export type StreamQuality = 'standard' | 'high' | 'super';

/** Which of a camera's live streams. */
export interface LiveStream {
  /** 0-based; a recorder has one for each camera behind it. */
  readonly channel: number;
  readonly quality: StreamQuality;
  /** Only the sound of it (default false). */
  readonly onlyAudio?: boolean;
}

/** What a surface gets: FLV, or single pictures as multipart JPEG. */
export type SurfaceKind = 'video' | 'pictures';

/** Value of `action`. */
export type LiveAction = 'live' | 'live-audio' | 'live-mjpg';

/** What a player shows. */
export interface PlayerSource {
  readonly device: IotDevice;
  readonly stream: LiveStream;
}

type Camera = Pick<IotDevice, 'xp2pInfo'>;

/** The kind of surface that shows a camera's stream: `pictures` for cameras with flag `m`. */
export function surfaceKindOf(
  { xp2pInfo }: Camera,
  { onlyAudio }: Partial<LiveStream>,
): SurfaceKind {
  return sendsPictures(xp2pInfo) && onlyAudio !== true ? 'pictures' : 'video';
}

/** What the camera is asked for first: what is seen, or only heard. */
export function liveAction(device: Camera, stream: Partial<LiveStream>): LiveAction {
  if (stream.onlyAudio === true) return 'live-audio';
  return surfaceKindOf(device, stream) === 'pictures' ? 'live-mjpg' : 'live';
}

/** `action=live&channel=0&quality=high` (seed §startStream). Only video has qualities. */
export function liveStreamParams(
  { channel, quality }: LiveStream,
  action: LiveAction = 'live',
): string {
  const params = `action=${action}&channel=${channel}`;
  return action === 'live' ? `${params}&quality=${quality}` : params;
}

/** The kind of surface that a source needs. */
export function surfaceOf({ device, stream }: PlayerSource): SurfaceKind {
  return surfaceKindOf(device, stream);
}

/** What a source's camera is asked for. */
export function paramsOf({ device, stream }: PlayerSource): string {
  return liveStreamParams(stream, liveAction(device, stream));
}
