import { SoundOnly } from '../../../agents/camera/sound-only';
import { metadataTag, readMetadata } from '../../../services/media/flv';
import type { FlvHeader, FlvTag } from '../../../services/media/flv';
import {
  aacFrame,
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
} from '../../services/media/flv/flv-samples';

describe('SoundOnly', () => {
  it('hands on sound, and says nothing of a picture', () => {
    const headers: FlvHeader[] = [];
    const tags: FlvTag[] = [];
    const sound = new SoundOnly({
      onHeader: (header) => headers.push(header),
      onTag: (tag) => tags.push(tag),
    });
    sound.onHeader({ hasAudio: true, hasVideo: true });
    sound.onTag(metadataTag({ width: 640, videoKbps: 900, audioCodecId: 10, stereo: false }));
    sound.onTag({ type: 'script', timestampMs: 0, data: Uint8Array.of(9) });
    for (const tag of [avcSequenceHeader(), aacSequenceHeader(), avcFrame(0, true), aacFrame(5)]) {
      sound.onTag(tag);
    }
    expect(headers).toEqual([{ hasAudio: true, hasVideo: false }]);
    expect(readMetadata(tags[0]!)).toEqual({ audioCodecId: 10, stereo: false });
    expect(tags.slice(1)).toEqual([aacSequenceHeader(), aacFrame(5)]);
  });
});
