import type { FlvHeader, FlvTag } from '../../services/media/flv';

export interface MediaEvents {
  /** A stream begins. It may begin again after a break; its timestamps then start over. */
  onHeader(header: FlvHeader): void;
  /** The next tag, about when it is due. */
  onTag(tag: FlvTag): void;
}

/** Something that yields live FLV. */
export interface MediaSource {
  /** Begins to yield. Breaks are mended by the source itself; what rejects cannot be mended. */
  start(events: MediaEvents): Promise<void>;
  close(): Promise<void>;
}
