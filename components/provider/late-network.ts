import type { Host, NetworkEvent, NetworkMonitor } from '@services/host';

/** The network of a host that is still being made: events come from the moment it is there. */
export function lateNetwork(host: () => Promise<Host>): NetworkMonitor {
  return {
    subscribe: (listener: (event: NetworkEvent) => void) => {
      let unsubscribe: (() => void) | undefined;
      let wanted = true;
      host().then(
        ({ network }) => {
          if (wanted) unsubscribe = network?.subscribe(listener);
        },
        // A host that cannot be made is told of where a connection needs it.
        () => undefined,
      );
      return () => {
        wanted = false;
        unsubscribe?.();
        unsubscribe = undefined;
      };
    },
    localAddresses: async () => (await host()).network?.localAddresses() ?? [],
  };
}
