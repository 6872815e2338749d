import { IotError } from '../errors';
import type { IotErrorInit } from '../errors';

/** Passes an `IotError` through and makes one of anything else that a call may reject with. */
export function toIotError(value: unknown, otherwise: Omit<IotErrorInit, 'cause'>): IotError {
  return value instanceof IotError ? value : new IotError({ ...otherwise, cause: value });
}
