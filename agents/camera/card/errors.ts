import { IotError, XP2PErrorCode } from '../../../services/errors';
import type { ResponseWriter } from '../../../services/p2p/http';

/** @param field the parameter as it is called in a request. */
export function badParameter(field: string, message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.BadParameter,
    phase: 'command',
    reason: 'bad-parameter',
    message,
    retryable: false,
    field,
    status: 400,
  });
}

/** The request is right, but cannot be answered. */
export function rejected(status: 404 | 416 | 503, message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'stream',
    reason: status === 503 ? 'device-busy' : 'request-rejected',
    message,
    retryable: status === 503,
    status,
  });
}

/** @throws IotError (-2000) naming the field. */
export function requireInteger(field: string, value: number, min: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return;
  throw badParameter(field, `${field} has to be a whole number from ${min} to ${max}`);
}

/** Answers with an error's status and message. */
export function answerError(
  response: ResponseWriter,
  error: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const status = error instanceof IotError ? (error.status ?? 500) : 500;
  // Anything else may tell of the machine's folders.
  const message = error instanceof IotError ? error.message : 'the card cannot be read';
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(new TextEncoder().encode(message));
}
