import { formatNameTime, parseNameTime } from './segment';

/** Something that a camera noticed. */
export interface CardEvent {
  readonly channel: number;
  /** Unix ms. */
  readonly startMs: number;
  readonly durationMs: number;
  /** The file that stands for it, without its folder. */
  readonly fileName: string;
  /** Bytes of its picture; 0 for none. */
  readonly bytes: number;
}

const PATTERN = /^(\d{8}T\d{9}Z)-(\d{1,8})-motion\.(jpg|event)$/;

/** E.g. `20261123T011500123Z-4000-motion.jpg`; without a picture, `.event`. */
export function formatEventName(startMs: number, durationMs: number, hasPicture: boolean): string {
  return `${formatNameTime(startMs)}-${durationMs}-motion.${hasPicture ? 'jpg' : 'event'}`;
}

/** @returns null for any name that `formatEventName` does not give. */
export function parseEventName(
  text: string,
): { readonly startMs: number; readonly durationMs: number; readonly hasPicture: boolean } | null {
  const [, time, duration, extension] = PATTERN.exec(text) ?? [];
  const startMs = time === undefined ? null : parseNameTime(time);
  if (startMs === null) return null;
  const event = { startMs, durationMs: Number(duration), hasPicture: extension === 'jpg' };
  const name = formatEventName(event.startMs, event.durationMs, event.hasPicture);
  return name === text ? event : null;
}
