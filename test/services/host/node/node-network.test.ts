import type { NetworkInterfaceInfo } from 'node:os';
import type { NetworkEvent } from '../../../../services/host';
import { createNodeHost, createNodeNetwork } from '../../../../services/host/node';
import { ManualClock } from '../../../agents/manual-clock';

const info = (address: string, internal = false): NetworkInterfaceInfo => {
  const common = { address, internal, netmask: '', mac: '00:00:00:00:00:00', cidr: null };
  return address.includes(':')
    ? { ...common, family: 'IPv6', scopeid: 0 }
    : { ...common, family: 'IPv4' };
};

describe('createNodeNetwork', () => {
  let interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>;
  let clock: ManualClock;
  let reads: number;

  const create = () =>
    createNodeNetwork({
      clock,
      readInterfaces: () => {
        reads++;
        return interfaces;
      },
    });

  beforeEach(() => {
    clock = new ManualClock();
    reads = 0;
    interfaces = {
      lo: [info('127.0.0.1', true), info('::1', true)],
      eth0: [info('192.0.2.7'), info('2001:DB8:0::7'), info('fe80::1%eth0'), info('febf::2')],
      gone: undefined,
    };
  });

  it('lists addresses that a peer can use', async () => {
    expect(await create().localAddresses()).toEqual([
      { family: 'ipv4', address: '192.0.2.7' },
      { family: 'ipv6', address: '2001:db8::7' },
    ]);
  });

  it('bounds the list', async () => {
    interfaces = { br: Array.from({ length: 200 }, (_, i) => info(`10.0.0.${i}`)) };
    expect(await create().localAddresses()).toHaveLength(32);
  });

  it('tells when the set of addresses changes, whatever their order', () => {
    const events: NetworkEvent[] = [];
    create().subscribe((event) => events.push(event));
    interfaces = { eth0: [...interfaces.eth0!].reverse() };
    clock.advance(2_000);
    expect(events).toEqual([]);
    interfaces = { wlan0: [info('198.51.100.9')] };
    clock.advance(2_000);
    expect(events).toEqual([{ kind: 'changed', type: 'unknown' }]);
    interfaces = {};
    clock.advance(10_000);
    expect(events.slice(1)).toEqual([{ kind: 'changed', type: 'none' }]);
  });

  it('polls only while someone listens', () => {
    const network = create();
    expect([reads, clock.pendingTimers]).toEqual([0, 0]);
    const listener = jest.fn();
    const stopFirst = network.subscribe(listener);
    const stopSecond = network.subscribe(listener);
    expect(clock.pendingTimers).toBe(1);
    interfaces = {};
    clock.advance(2_000);
    expect(listener).toHaveBeenCalledTimes(2);
    stopFirst();
    stopFirst();
    expect(clock.pendingTimers).toBe(1);
    stopSecond();
    expect(clock.pendingTimers).toBe(0);
    const before = reads;
    clock.advance(60_000);
    expect(reads).toBe(before);
  });

  it('can be left, and joined again, from within an event', () => {
    const network = create();
    const later = jest.fn();
    const stop = network.subscribe(() => {
      stop();
      network.subscribe(later);
    });
    interfaces = {};
    clock.advance(2_000);
    expect(clock.pendingTimers).toBe(1);
    interfaces = { eth0: [info('192.0.2.8')] };
    clock.advance(2_000);
    expect(later).toHaveBeenCalledTimes(1);
  });

  it('outlives a system that does not tell', async () => {
    const listener = jest.fn();
    const readable = { ...interfaces };
    let broken = false;
    const network = createNodeNetwork({
      clock,
      readInterfaces: () => {
        if (broken) throw new Error('uv_interface_addresses');
        return readable;
      },
    });
    network.subscribe(listener);
    broken = true;
    clock.advance(4_000);
    expect(await network.localAddresses()).toEqual([]);
    broken = false;
    clock.advance(4_000);
    expect(listener).not.toHaveBeenCalled();
  });

  it('reads the real machine', async () => {
    const { network } = createNodeHost();
    for (const { family, address } of await network.localAddresses()) {
      expect(address.includes(':') ? 'ipv6' : 'ipv4').toBe(family);
    }
    // Its timer must not keep the process alive; Jest would tell of an open handle.
    network.subscribe(() => undefined)();
  });
});
