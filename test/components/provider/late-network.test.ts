import { lateNetwork } from '@components/provider/late-network';
import type { Host, NetworkEvent } from '@services/host';

function hostWithNetwork() {
  const listeners = new Set<(event: NetworkEvent) => void>();
  const network: NonNullable<Host['network']> = {
    localAddresses: () => Promise.resolve([{ family: 'ipv4', address: '192.168.0.2' }]),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return { host: { network } as Host, listeners };
}

const settled = () => new Promise((resolve) => process.nextTick(resolve));

describe('lateNetwork', () => {
  it('hands events on once the host is there', async () => {
    const { host, listeners } = hostWithNetwork();
    const listener = jest.fn();
    const unsubscribe = lateNetwork(() => Promise.resolve(host)).subscribe(listener);
    await settled();
    for (const tell of listeners) tell({ kind: 'changed', type: 'wifi' });
    expect(listener).toHaveBeenCalledWith({ kind: 'changed', type: 'wifi' });
    unsubscribe();
    expect(listeners.size).toBe(0);
  });

  it('does not listen for somebody who has left meanwhile', async () => {
    const { host, listeners } = hostWithNetwork();
    lateNetwork(() => Promise.resolve(host)).subscribe(jest.fn())();
    await settled();
    expect(listeners.size).toBe(0);
  });

  it('is silent where the host cannot be made', async () => {
    const unsubscribe = lateNetwork(() => Promise.reject(new Error('no'))).subscribe(jest.fn());
    await settled();
    expect(unsubscribe).not.toThrow();
  });

  it('knows the host’s addresses', async () => {
    const { host } = hostWithNetwork();
    await expect(lateNetwork(() => Promise.resolve(host)).localAddresses()).resolves.toHaveLength(
      1,
    );
    await expect(lateNetwork(() => Promise.resolve({} as Host)).localAddresses()).resolves.toEqual(
      [],
    );
  });
});
