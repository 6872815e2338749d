import type { QueryParams } from '../../../services/p2p/http';
import { Refusal } from '../refusal';

/** @throws Refusal 400 when it is missing or empty. */
export function requireText(query: QueryParams, field: string): string {
  const text = query[field];
  if (text === undefined || text === '') throw new Refusal(400, `${field} is missing`);
  return text;
}

/** @throws Refusal 400 unless it is a whole number in the range. */
export function requireWhole(query: QueryParams, field: string, min: number, max: number): number {
  return readWhole(requireText(query, field), field, min, max);
}

/** @throws Refusal 400 naming the field. */
export function readWhole(value: unknown, field: string, min: number, max: number): number {
  const number = typeof value === 'number' ? value : Number(value);
  const isDigits = typeof value === 'number' || /^\d{1,15}$/.test(String(value));
  if (!isDigits || !Number.isInteger(number) || number < min || number > max) {
    throw new Refusal(400, `${field} must be a whole number from ${min} to ${max}`);
  }
  return number;
}

/** Unix seconds that fit 32 bit: what devices can express. */
const MAX_TIME_S = 0xffffffff;

/** @throws Refusal 400. */
export function requireTime(query: QueryParams, field: string): number {
  return requireWhole(query, field, 0, MAX_TIME_S);
}

/** @throws Refusal 400. */
export function requireRange(
  query: QueryParams,
  minS = 1,
): { readonly startS: number; readonly endS: number } {
  const startS = requireTime(query, 'start_time');
  const endS = requireTime(query, 'end_time');
  if (endS - startS < minS) {
    throw new Refusal(400, `end_time must be at least ${minS} s after start_time`);
  }
  return { startS, endS };
}
