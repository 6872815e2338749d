/** Tag types of "Video File Format Specification 10.1", Annex E.4.1. */
export const FlvTagType = { Audio: 8, Video: 9, Script: 18 } as const;

export interface FlvHeader {
  readonly hasAudio: boolean;
  readonly hasVideo: boolean;
}

export interface FlvTag {
  readonly type: 'audio' | 'video' | 'script';
  /** Decoding time in ms, unsigned 32 bit: wraps after 49.7 days. */
  readonly timestampMs: number;
  /** What follows the 11-byte tag header; its first byte names the codec. */
  readonly data: Uint8Array;
}

/** Signature, version, flags, offset of the body. */
export const FLV_HEADER_BYTES = 9;
export const FLV_TAG_HEADER_BYTES = 11;
export const FLV_PREVIOUS_TAG_SIZE_BYTES = 4;
