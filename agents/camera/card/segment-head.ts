import { decodeAmf0, encodeAmf0, encodeFlvHeader, encodeFlvTag } from '../../../services/media/flv';
import type { Amf0Value, FlvHeader, FlvTag } from '../../../services/media/flv';

/** What a decoder needs before the first frame. */
export interface MediaSetup {
  readonly header: FlvHeader;
  readonly metadata: FlvTag | null;
  readonly video: FlvTag | null;
  readonly audio: FlvTag | null;
}

const EVENT_NAME = 'onMetaData';
const LENGTH = 'duration';
/**
 * Where a segment's length stands in its file, as a float64 in s: after the file's start (13 bytes), the
 * tag's header (11), the event's name (1 + 2 + 10), the array's marker and count (5), the property's
 * name (2 + 8) and its marker (1).
 */
export const DURATION_OFFSET = 53;

/** A segment's first bytes. Its length is written into them when it is finished. */
export function encodeSegmentHead({ header, metadata, video, audio }: MediaSetup): Uint8Array {
  const properties = new Map<string, Amf0Value>([[LENGTH, 0]]);
  const known = metadata && decodeAmf0(metadata.data)?.[1];
  if (known instanceof Map) {
    for (const [name, value] of known as ReadonlyMap<string, Amf0Value>) {
      if (name !== LENGTH) properties.set(name, value);
    }
  }
  const script: FlvTag = {
    type: 'script',
    timestampMs: 0,
    data: encodeAmf0([EVENT_NAME, properties]),
  };
  const tags = [script, video, audio].filter((tag) => tag !== null);
  return Buffer.concat([encodeFlvHeader(header), ...tags.map((tag) => encodeFlvTag(tag, 0))]);
}
