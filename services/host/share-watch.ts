import type { NetworkEvent, NetworkMonitor } from './network';

/**
 * Makes the `subscribe` of a network monitor: the host is watched once, for as long as anybody listens.
 * @param watch begins to watch; returns what ends it.
 */
export function shareWatch(
  watch: (emit: (event: NetworkEvent) => void) => () => void,
): NetworkMonitor['subscribe'] {
  const listeners = new Set<(event: NetworkEvent) => void>();
  const emit = (event: NetworkEvent): void => {
    for (const listener of [...listeners]) listener(event);
  };
  let stop: (() => void) | null = null;

  return (listener) => {
    // The same function may subscribe twice.
    const own = (event: NetworkEvent): void => listener(event);
    listeners.add(own);
    stop ??= watch(emit);
    return () => {
      listeners.delete(own);
      if (listeners.size > 0) return;
      stop?.();
      stop = null;
    };
  };
}
