import { metadataTag, readMetadata } from '../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../services/media/flv';
import type { MediaEvents } from './media-source';

/** Hands on the sound of a stream, as a stream of its own. */
export class SoundOnly implements MediaEvents {
  constructor(private readonly target: MediaEvents) {}

  onHeader({ hasAudio }: FlvHeader): void {
    this.target.onHeader({ hasAudio, hasVideo: false });
  }

  onTag(tag: FlvTag): void {
    if (tag.type === 'audio') this.target.onTag(tag);
    if (tag.type !== 'script') return;
    const metadata = readMetadata(tag);
    if (metadata === null) return;
    const { audioKbps, audioCodecId, audioSampleRateHz, stereo } = metadata;
    const sound = { audioKbps, audioCodecId, audioSampleRateHz, stereo };
    this.target.onTag(metadataTag(sound, tag.timestampMs));
  }
}
