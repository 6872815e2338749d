import { IotError, XP2PErrorCode } from '../errors';

/** Which tracks a pusher sends. */
export interface PushedTracks {
  readonly audio: boolean;
  readonly video: boolean;
}

/** A tag as the pusher gives it: head of 11 bytes, payload, previous tag size of 4 bytes. */
export interface PushedTag {
  readonly data: ArrayBuffer;
  /** The pusher's clock in ms. */
  readonly clockMs: number;
  /** 0: the sequence header, which stays as it is. */
  readonly aacPacketType?: number;
}

const FLAGS_OFFSET = 4;
const VIDEO_FLAG = 0x01;
const AUDIO_FLAG = 0x04;
const HEAD_BYTES = 11;
const SIZE_BYTES = 4;
const AUDIO_TAG = 8;
/** Some devices take no smaller audio payload. */
export const MIN_AUDIO_PAYLOAD_BYTES = 770;

/**
 * Names the tracks in a FLV header, whose flags pushers leave 0.
 * @throws IotError -2000 for what is no FLV header.
 */
export function repairFlvHeader(header: ArrayBuffer, tracks: PushedTracks): ArrayBuffer {
  const bytes = new Uint8Array(header.slice(0));
  if (bytes.length < 9 || bytes[0] !== 0x46 || bytes[1] !== 0x4c || bytes[2] !== 0x56) {
    throw notFlv('header');
  }
  bytes[FLAGS_OFFSET] = (tracks.video ? VIDEO_FLAG : 0) | (tracks.audio ? AUDIO_FLAG : 0);
  return bytes.buffer;
}

/**
 * Repairs the tags of one push (guide of the older pusher): timestamps are the time of day and never
 * run ahead of it, and small audio tags are filled up.
 */
export class FlvTagRepair {
  private origin: { readonly wallMs: number; readonly clockMs: number } | null = null;

  constructor(
    private readonly wallMs: () => number,
    private readonly minAudioBytes = MIN_AUDIO_PAYLOAD_BYTES,
  ) {}

  /** @throws IotError -2000 for what is no FLV tag. */
  repair({ data, clockMs, aacPacketType }: PushedTag): ArrayBuffer {
    const bytes = new Uint8Array(data);
    if (bytes.length < HEAD_BYTES + SIZE_BYTES) throw notFlv('tag');
    const payloadBytes = (bytes[1]! << 16) | (bytes[2]! << 8) | bytes[3]!;
    if (bytes.length !== HEAD_BYTES + payloadBytes + SIZE_BYTES) throw notFlv('tag');
    const fills = bytes[0] === AUDIO_TAG && aacPacketType !== 0 && payloadBytes > 0;
    const size = fills ? Math.max(payloadBytes, this.minAudioBytes) : payloadBytes;
    const out = new Uint8Array(HEAD_BYTES + size + SIZE_BYTES);
    out.set(bytes.subarray(0, HEAD_BYTES + payloadBytes));
    const view = new DataView(out.buffer);
    out[1] = (size >> 16) & 0xff;
    out[2] = (size >> 8) & 0xff;
    out[3] = size & 0xff;
    const timeMs = this.timeOf(clockMs) % 2 ** 32;
    view.setUint32(4, ((timeMs & 0xffffff) << 8) | (timeMs >>> 24));
    view.setUint32(HEAD_BYTES + size, HEAD_BYTES + size);
    return out.buffer;
  }

  private timeOf(clockMs: number): number {
    const nowMs = this.wallMs();
    this.origin ??= { wallMs: nowMs, clockMs };
    const timeMs = this.origin.wallMs + (clockMs - this.origin.clockMs);
    return timeMs > nowMs ? nowMs : timeMs;
  }
}

function notFlv(field: string): IotError {
  return new IotError({
    code: XP2PErrorCode.BadParameter,
    phase: 'voice',
    reason: 'bad-parameter',
    message: `the pusher's ${field} is no FLV`,
    retryable: false,
    field,
  });
}
