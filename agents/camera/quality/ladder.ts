import type { Quality } from '../capabilities';

/** How a quality is made: from the source as it is, or encoded to these bounds. */
export type Rendition =
  | { readonly kind: 'source' }
  | { readonly kind: 'encoded'; readonly width: number; readonly kbps: number };

export interface SourceFacts {
  /** In pixels; null while unknown. */
  readonly width: number | null;
  /** Bit per second; null while unknown. */
  readonly bps: number | null;
  /** Whether there is an encoder. */
  readonly canEncode: boolean;
  /** Highest bit rate of a picture that viewers are sent, kbit/s; null: no limit. */
  readonly maxKbps: number | null;
}

/** Bounds of the qualities; a source within them is sent as it is. */
const BOUNDS: Readonly<Record<Exclude<Quality, 'super'>, { width: number; kbps: number }>> = {
  standard: { width: 640, kbps: 500 },
  high: { width: 1280, kbps: 1_500 },
};
const SMALL_STANDARD_KBPS = 250;
const MIN_WIDTH = 160;
/** A measured rate swings; one this much above its bound is within it all the same. */
const RATE_TOLERANCE = 1.2;
/** What an encoded picture is wide when the source does not say how wide it is. */
const ASSUMED_WIDTH = 1280;

/**
 * What a quality is for a given source: `super` is the source itself, `high` is at most 1280 wide and
 * 1.5 Mbit/s, `standard` is smaller than the source in any case.
 */
export function renditionOf(quality: Quality, source: SourceFacts): Rendition {
  if (!source.canEncode) return { kind: 'source' };
  const { width } = source;
  const maxKbps = source.maxKbps ?? Infinity;
  if (quality === 'standard') {
    const small = width !== null && width <= BOUNDS.standard.width;
    const half = even(Math.max(MIN_WIDTH, (width ?? 0) / 2));
    return {
      kind: 'encoded',
      width: small ? half : BOUNDS.standard.width,
      kbps: Math.min(small ? SMALL_STANDARD_KBPS : BOUNDS.standard.kbps, maxKbps),
    };
  }
  const bounds = quality === 'high' ? BOUNDS.high : { width: Infinity, kbps: Infinity };
  const kbps = Math.min(bounds.kbps, maxKbps);
  const fits = (width ?? 0) <= bounds.width && (source.bps ?? 0) <= kbps * 1_000 * RATE_TOLERANCE;
  if (fits) return { kind: 'source' };
  return { kind: 'encoded', width: even(Math.min(width ?? ASSUMED_WIDTH, bounds.width)), kbps };
}

/** What a viewer of a quality is sent, and falls back to: never the same twice. */
export function ladderOf(
  quality: Quality,
  source: SourceFacts,
): readonly [Rendition, ...Rendition[]] {
  const own = renditionOf(quality, source);
  const lower = renditionOf('standard', source);
  return sameRendition(own, lower) ? [own] : [own, lower];
}

export function sameRendition(a: Rendition, b: Rendition): boolean {
  return renditionKey(a) === renditionKey(b);
}

export function renditionKey(rendition: Rendition): string {
  return rendition.kind === 'source' ? 'source' : `${rendition.width}x${rendition.kbps}`;
}

/** Encoders take even widths only. */
function even(width: number): number {
  return Math.round(width / 2) * 2;
}
