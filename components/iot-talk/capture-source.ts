import type { TalkFeatures } from '@services/commands';
import { talkError } from '@services/talk';
import type { TalkSource } from '@services/talk';
import type { TalkPusher } from './talk-pusher';

/**
 * What captures: the host's `recorder` sends PCM, its `pusher` AAC in FLV and takes out echo; `auto`: the
 * pusher where host and camera can, else the recorder.
 */
export type TalkCapture = 'auto' | 'recorder' | 'pusher';

export interface CaptureOptions {
  readonly capture: TalkCapture;
  /** Null where the host has none. */
  readonly pusher: TalkPusher | null;
  readonly features: TalkFeatures | null;
}

/**
 * A camera that does not tell what it takes is sent PCM.
 * @throws IotError `talk-unsupported` when the host has nothing that the camera takes.
 */
export function pickCapture({ capture, pusher, features }: CaptureOptions): 'recorder' | 'pusher' {
  const takes = features?.codecs ?? ['pcm'];
  const hasPusher = pusher?.isThere === true;
  if (capture === 'pusher' && pusher !== null) return 'pusher';
  if (capture === 'auto' && hasPusher && takes.includes('flv')) return 'pusher';
  if (!takes.includes('pcm')) {
    throw talkError('talk-unsupported', 'the camera takes FLV only, which needs a pusher');
  }
  return 'recorder';
}

/** Decides anew for each talk what captures. */
export class CaptureSource implements TalkSource {
  private current: TalkSource | null = null;

  /** @param pick may throw an `IotError` */
  constructor(private readonly pick: () => TalkSource) {}

  async authorise(): Promise<void> {
    this.current = this.pick();
    await this.current.authorise();
  }

  async start(line: Parameters<TalkSource['start']>[0]): Promise<void> {
    await this.current?.start(line);
  }

  stop(): void {
    this.current?.stop();
    this.current = null;
  }

  setMuted(muted: boolean): void {
    this.current?.setMuted?.(muted);
  }

  setProfile(profile: Parameters<NonNullable<TalkSource['setProfile']>>[0]): void {
    this.current?.setProfile?.(profile);
  }
}
