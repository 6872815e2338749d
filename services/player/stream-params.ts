/** The seed's picture qualities. */
export type StreamQuality = 'standard' | 'high' | 'super';

/** Which of a camera's live streams. */
export interface LiveStream {
  /** 0-based; a recorder has one for each camera behind it. */
  readonly channel: number;
  readonly quality: StreamQuality;
}

/** `action=live&channel=0&quality=high` (seed §startStream). */
export function liveStreamParams({ channel, quality }: LiveStream): string {
  return `action=live&channel=${channel}&quality=${quality}`;
}
