import type { IotErrorPhase } from '../errors';
import type { Clock } from '../host';
import type { PluginApi, PluginFunctionName } from './plugin-api';
import { codeOf, pluginError, pluginTimeout } from './plugin-errors';

export interface PluginCallOptions {
  readonly phase: IotErrorPhase;
  /** Of the function, for the error. */
  readonly name: string;
  readonly timeoutMs: number;
}

/**
 * What `work`, a call of the plugin, comes to. Whatever it throws, rejects with or resolves with as a
 * code other than 0 is an `IotError`; it settles once, in time, and what comes later is ignored.
 */
export function awaitPlugin(
  clock: Clock,
  { phase, name, timeoutMs }: PluginCallOptions,
  work: () => unknown,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const cancelTimer = clock.setTimer(timeoutMs, () =>
      reject(pluginTimeout(phase, name, timeoutMs)),
    );
    const fail = (cause: unknown) => {
      cancelTimer();
      reject(pluginError(phase, name, cause));
    };
    const succeed = (value: unknown) => {
      const code = typeof value === 'object' ? null : codeOf(value);
      if (code !== null && code !== 0) return fail(value);
      cancelTimer();
      resolve(value);
    };
    try {
      Promise.resolve(work()).then(succeed, fail);
    } catch (cause) {
      fail(cause);
    }
  });
}

/** Calls one of the plugin's functions and awaits what it comes to. */
export function callPlugin(
  api: PluginApi,
  clock: Clock,
  options: PluginCallOptions & { readonly name: PluginFunctionName },
  ...args: readonly unknown[]
): Promise<unknown> {
  return awaitPlugin(clock, options, () => api.call(options.phase, options.name, ...args));
}
