import type { IotErrorPhase } from '../../errors';
import { badParameter } from './module-errors';

/** @throws IotError -2000. */
export function requireFunction(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'function') throw badParameter(phase, field, 'a function');
}

/** @throws IotError -2000. */
export function requireObject(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw badParameter(phase, field, 'an object');
}

/** @throws IotError -2000. */
export function requireText(phase: IotErrorPhase, field: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') {
    throw badParameter(phase, field, 'a string that is not empty');
  }
}

/** Callbacks that may all be left out. @throws IotError -2000. */
export function requireCallbacks<T extends object>(
  phase: IotErrorPhase,
  callbacks: T,
  names: readonly (keyof T & string)[],
): void {
  requireObject(phase, 'callbacks', callbacks);
  for (const name of names) {
    if (callbacks[name] !== undefined) {
      requireFunction(phase, `callbacks.${name}`, callbacks[name]);
    }
  }
}

/** Text that may be left out. @throws IotError -2000. */
export function requireOptionalText(phase: IotErrorPhase, field: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'string')
    throw badParameter(phase, field, 'a string');
}
