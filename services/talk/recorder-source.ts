import type { XP2PRecorderManager, XP2PVoiceOptions } from '../p2p/module';
import type { TalkSource } from './talk-source';

export interface RecorderSourceOptions {
  readonly recorder: XP2PRecorderManager;
  /** Asks the user; rejects with an `IotError`. */
  readonly authorise: () => Promise<void>;
  /** Frees what `authorise` has taken. */
  readonly release?: () => void;
  /** Beside sample rate and channels, which the camera decides. */
  readonly options?: Omit<XP2PVoiceOptions, 'format' | 'sampleRate' | 'numberOfChannels'>;
}

/** PCM by a recorder: WeChat's `RecorderManager`, or what behaves like it. */
export function createRecorderSource(source: RecorderSourceOptions): TalkSource {
  return {
    authorise: () => source.authorise(),
    start: (line) =>
      line.record(source.recorder, {
        encodeBitRate: line.rateHz === 8_000 ? 16_000 : 24_000,
        ...source.options,
        sampleRate: line.rateHz,
        numberOfChannels: 1,
      }),
    stop: () => source.release?.(),
  };
}
