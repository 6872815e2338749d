import { Refusal } from '../refusal';

/** What a talker sends. */
export type TalkFormat =
  /** 16 bit, little-endian. */
  | { readonly kind: 'pcm'; readonly rateHz: number; readonly channels: 1 | 2 }
  | { readonly kind: 'flv' };

/** Sample rates that are taken, in Hz. */
export const TALK_RATES = [8_000, 16_000, 32_000, 44_100, 48_000] as const;

/** What the reference's recorder sends. */
export const DEFAULT_PCM: TalkFormat = { kind: 'pcm', rateHz: 8_000, channels: 1 };

const FLV_SIGNATURE = [0x46, 0x4c, 0x56] as const;
const FLV_TYPES = ['video/x-flv', 'audio/x-flv', 'video/flv'];

/**
 * Reads the `content-type` of a talk: `audio/pcm; rate=8000; bits=16; channels=1`, or `video/x-flv`.
 * @returns null when it says nothing: the first bytes tell then.
 * @throws Refusal 415 for a type that is not taken; 400 for a wrong parameter.
 */
export function parseTalkType(contentType: string | undefined): TalkFormat | null {
  const [type = '', ...rest] = (contentType ?? '').split(';').map((part) => part.trim());
  const name = type.toLowerCase();
  if (name === '' || name === 'application/octet-stream') return null;
  if (FLV_TYPES.includes(name)) return { kind: 'flv' };
  if (name !== 'audio/pcm') {
    throw new Refusal(415, 'content-type must be audio/pcm or video/x-flv');
  }
  const parameters = new Map(
    rest.map((part) => {
      const [key = '', value = ''] = part.split('=');
      return [key.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, '$1')];
    }),
  );
  const rateHz = Number(parameters.get('rate') ?? 8_000);
  if (!TALK_RATES.some((rate) => rate === rateHz)) {
    throw new Refusal(400, `rate in content-type must be one of ${TALK_RATES.join(', ')}`);
  }
  if ((parameters.get('bits') ?? '16') !== '16') {
    throw new Refusal(400, 'bits in content-type must be 16');
  }
  const channels = Number(parameters.get('channels') ?? 1);
  if (channels !== 1 && channels !== 2) {
    throw new Refusal(400, 'channels in content-type must be 1 or 2');
  }
  return { kind: 'pcm', rateHz, channels };
}

/** Tells by the first bytes; @returns null while there are too few. */
export function sniffTalk(first: Uint8Array): TalkFormat | null {
  for (let i = 0; i < FLV_SIGNATURE.length; i++) {
    if (i >= first.length) return null;
    if (first[i] !== FLV_SIGNATURE[i]) return DEFAULT_PCM;
  }
  return { kind: 'flv' };
}
