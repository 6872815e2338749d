import fc from 'fast-check';
import { createP2PModule } from '../../../../services/p2p/module';
import type { LoggedEvent } from '../../../../services/p2p/session';
import { toQlog } from '../../../../services/p2p/module/qlog';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualNetwork } from '../../../net/virtual-network';
import { addStunServers } from '../../../net/virtual-stun';
import { CameraEndpoint } from '../../../../services/p2p/endpoint';
import { encodeXp2pInfo } from '../../../../services/p2p/module';
import { APP_PARAMS, ignore, ModuleWorld, URL } from './module-world';

interface QlogEvent {
  readonly time: number;
  readonly name: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** RFC 7464: records begin with RS and end with LF. */
function readSequence(text: string): [Record<string, unknown>, ...QlogEvent[]] {
  const [before, ...records] = text.split('\x1e');
  expect(before).toBe('');
  expect(records.every((record) => /^[^\n]+\n$/.test(record))).toBe(true);
  return records.map((record) => JSON.parse(record) as QlogEvent) as never;
}

const OPTIONS = { title: 'door', wallAtZeroMs: 1_700_000_000_000 };

describe('toQlog', () => {
  it('has a header, and times from the first event on', () => {
    const [header, ...events] = readSequence(
      toQlog(
        [
          {
            timeMs: 1000.25,
            event: {
              name: 'recovery:packet_lost',
              pathId: 1,
              packetNumber: 7,
              trigger: 'time_threshold',
            },
          },
          {
            timeMs: 1500,
            event: { name: 'recovery:loss_timer_expired', pathId: 1, probes: 2 },
          },
          {
            timeMs: 1600,
            event: {
              name: 'connectivity:path_chosen',
              pathId: 1,
              insteadOf: 0,
              trigger: 'better-tier',
              rttMs: 12,
            },
          },
        ],
        OPTIONS,
      ),
    );
    expect(header).toMatchObject({
      qlog_version: '0.3',
      qlog_format: 'JSON-SEQ',
      title: 'door',
      trace: {
        vantage_point: { type: 'client' },
        common_fields: { time_format: 'relative', reference_time: 1_700_000_001_000.25 },
      },
    });
    expect(events).toEqual([
      {
        time: 0,
        name: 'recovery:packet_lost',
        data: {
          header: { packet_type: '1RTT', packet_number: 7 },
          path_id: 1,
          trigger: 'time_threshold',
        },
      },
      {
        time: 499.75,
        name: 'recovery:loss_timer_updated',
        data: { event_type: 'expired', timer_type: 'pto', path_id: 1, pto_count: 2 },
      },
      {
        time: 599.75,
        name: 'connectivity:path_chosen',
        data: { path_id: 1, instead_of: 0, trigger: 'better-tier', rtt_ms: 12 },
      },
    ]);
  });

  it('can be read back whatever a title or a detail holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (title, detail) => {
        const name = 'connectivity:connection_state_updated' as const;
        const entry: LoggedEvent = { timeMs: 0, event: { name, state: 'closed', detail } };
        const [header, event] = readSequence(toQlog([entry], { ...OPTIONS, title }));
        expect(header['title']).toBe(title);
        expect(event).toEqual({ time: 0, name, data: { new: 'closed', detail } });
      }),
    );
  });
});

describe('getEventLog', () => {
  it('is undefined while none are kept, and for an id that is not known', async () => {
    const world = await ModuleWorld.running();
    expect(world.module.getEventLog('cam')).toBeUndefined();
    world.module.setEventLog(true);
    expect(world.module.getEventLog('other')).toBeUndefined();
  });

  it.each([-1, 1.5, 65_537, 'x'])('is not to hold %s events', (events) => {
    expect(() => new ModuleWorld().module.setEventLog(events as number)).toThrow('events must be');
  });

  it('tells why a path was chosen, also after the service’s end', async () => {
    const network = new VirtualNetwork(new VirtualClock(), 3);
    const stunServers = addStunServers(network).ipv4.map(
      ({ address, port }) => `stun:${address}:${port}`,
    );
    const relay = network.addRelay();
    const home = network.addAccess({ nat: 'full' });
    const accessSecret = new Uint8Array(16).fill(5);
    const camera = new CameraEndpoint(network.addHost({ access: home }).createHost(), {
      stunServers,
    });
    camera.listen({ relayUrl: relay.url, accessSecret, onRequest: ignore });
    const module = createP2PModule(network.addHost({ access: home }).createHost());
    await network.run(1000);
    await module.init({ appParams: APP_PARAMS });
    module.setEventLog(100);
    const { publicKey } = camera;
    const address = { publicKey, accessSecret, relayUrl: relay.url };
    const xp2pInfo = encodeXp2pInfo({ ...address, sdkVersion: '2.4.0', flags: '' });
    const kinds: string[] = [];
    const msgCallback = (event: string, _: string, detail: unknown) => {
      if (event === 'path') kinds.push((detail as { kind: string }).kind);
    };
    void module.startP2PService('cam', { url: URL, xp2pInfo }, { msgCallback });
    await network.runUntil(() => kinds.includes('lan'), 10_000);
    module.stopP2PService('cam');
    const [header, ...events] = readSequence(module.getEventLog('cam')!);
    expect(header).toMatchObject({ title: 'cam' });
    expect(events.length).toBeLessThanOrEqual(100);
    const chosen = events.filter(({ name }) => name === 'connectivity:path_chosen');
    expect(chosen[0]!.data).toMatchObject({ instead_of: 0, trigger: 'better-tier' });
    module.destroy();
    expect(module.getEventLog('cam')).toBeUndefined();
  });

  it('keeps the logs of the eight newest services', async () => {
    const world = new ModuleWorld();
    await world.init();
    world.module.setEventLog(true);
    const { xp2pInfo } = world;
    const ids = Array.from({ length: 10 }, (_, i) => `cam${i}`);
    for (const id of ids) {
      const started = world.module.startP2PService(
        id,
        { url: URL, xp2pInfo },
        { msgCallback: ignore },
      );
      started.catch(ignore);
    }
    const kept = ids.filter((id) => world.module.getEventLog(id) !== undefined);
    expect(kept).toEqual(ids.slice(2));
    world.module.destroy();
  });
});
