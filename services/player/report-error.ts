import type { IotError } from '../errors';
import type { Log } from '../log';

/** Tells app and log of a failure. */
export function reportError(
  options: {
    readonly log?: Log | undefined;
    readonly onError?: (error: IotError, willRetry: boolean) => void;
  },
  error: IotError,
  willRetry: boolean,
): void {
  const { log, onError } = options;
  const { code, phase, reason, message, cause } = error;
  log?.({
    level: willRetry ? 'warn' : 'error',
    scope: 'player',
    message,
    data: { code, phase, reason, willRetry, cause },
  });
  try {
    onError?.(error, willRetry);
  } catch (thrown) {
    // The app's handler must not take the player down with it.
    log?.({ level: 'error', scope: 'player', message: 'onError threw', data: { thrown } });
  }
}
