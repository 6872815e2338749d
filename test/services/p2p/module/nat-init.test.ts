import { createP2PModule } from '../../../../services/p2p/module';
import type { P2PModule, XP2PInitParams } from '../../../../services/p2p/module';
import { VirtualClock } from '../../../net/virtual-clock';
import type { VirtualHostOptions } from '../../../net/virtual-host';
import { VirtualNetwork } from '../../../net/virtual-network';
import { addStunServers } from '../../../net/virtual-stun';
import { APP_PARAMS } from './module-world';

class NatWorld {
  readonly network = new VirtualNetwork(new VirtualClock(), 3);
  readonly stun = addStunServers(this.network);
  readonly module: P2PModule;
  readonly told: unknown[] = [];

  constructor(options: VirtualHostOptions = {}, nat: 'full' | 'udp-blocked' = 'full') {
    this.module = createP2PModule(
      this.network.addHost({ access: { nat }, ...options }).createHost(),
    );
  }

  init(stunServers: readonly string[]): Promise<number> {
    const eventHandler: XP2PInitParams['eventHandler'] = (event) => void this.told.push(event);
    return this.settle(this.module.init({ appParams: APP_PARAMS, stunServers, eventHandler }));
  }

  get stunServers(): string[] {
    return this.stun.ipv4.map(({ address, port }) => `stun:${address}:${port}`);
  }

  private async settle<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const mark = () => {
      isSettled = true;
    };
    promise.then(mark, mark);
    await this.network.runUntil(() => isSettled, 60_000);
    return promise;
  }
}

describe('init with stunServers', () => {
  it('waits until the NAT is known', async () => {
    const world = new NatWorld();
    await expect(world.init(world.stunServers)).resolves.toBe(0);
    expect(world.stun.counters.answered).toBeGreaterThan(0);
    expect(world.told).toEqual([]);
  });

  it('rejects with -2202 and its cause where UDP is blocked, 10 s later', async () => {
    const world = new NatWorld({}, 'udp-blocked');
    const startMs = world.network.clock.nowMs();
    await expect(world.init(world.stunServers)).rejects.toMatchObject({
      errcode: -2202,
      reason: 'nat-probe-failed',
      retryable: true,
      cause: { errcode: -2202, message: 'no STUN server answered' },
    });
    expect(world.network.clock.nowMs() - startMs).toBeLessThanOrEqual(10_200);
    expect(world.told).toEqual(['natError']);
  });

  it('rejects with -2202 where no socket can be opened', async () => {
    // The servers are IPv4's.
    const world = new NatWorld({ udpFamilies: ['ipv6'] });
    await expect(world.init(world.stunServers)).rejects.toMatchObject({ errcode: -2202 });
    expect(world.told).toEqual(['natError']);
  });

  it('rejects when the module is destroyed meanwhile', async () => {
    const world = new NatWorld({}, 'udp-blocked');
    const initialised = world.init(world.stunServers);
    world.module.destroy();
    await expect(initialised).rejects.toMatchObject({ errcode: -2202 });
  });

  it('is refused a second time while the first still probes', async () => {
    const world = new NatWorld({}, 'udp-blocked');
    const first = world.init(world.stunServers);
    await expect(world.init(world.stunServers)).rejects.toMatchObject({ errcode: -2003 });
    await expect(first).rejects.toMatchObject({ errcode: -2202 });
  });

  it('asks nobody where the host has no UDP, and resolves at once', async () => {
    const world = new NatWorld({ udpFamilies: [] });
    await expect(world.init(world.stunServers)).resolves.toBe(0);
    await expect(world.module.resetP2P()).resolves.toBe(0);
    expect(world.stun.counters.answered).toBe(0);
  });

  it('takes the port of updateStunPort where a URL names none', async () => {
    const world = new NatWorld();
    const { address } = world.stun.ipv4[0]!;
    world.module.updateStunPort(3479);
    await expect(world.init([`stun:${address}`])).resolves.toBe(0);
    world.module.destroy();
    world.module.updateStunPort(9);
    await expect(world.init([`stun:${address}`])).rejects.toMatchObject({ errcode: -2202 });
  });

  it.each([
    ['stunServers', 'stun:a.example'],
    ['stunServers[1]', ['stun:a.example', 'http://a.example']],
    ['stunServers', Array.from({ length: 9 }, () => 'stun:a.example')],
  ])('names a bad %s', async (field, stunServers) => {
    const { module } = new NatWorld();
    const params = { appParams: APP_PARAMS, stunServers: stunServers as string[] };
    await expect(module.init(params)).rejects.toMatchObject({ errcode: -2000, field });
  });
});
