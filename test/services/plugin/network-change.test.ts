import type { NetworkEvent } from '../../../services/host';
import { APP_PARAMS, PluginWorld, STREAM_URL, XP2P_2_4 } from './plugin-world';

const ignore = () => undefined;

describe('a change of the network', () => {
  const watched = async () => {
    let tell: (event: NetworkEvent) => void = ignore;
    const unsubscribe = jest.fn();
    const network = {
      localAddresses: () => Promise.resolve([]),
      subscribe: (listener: typeof tell) => {
        tell = listener;
        return unsubscribe;
      },
    };
    const world = new PluginWorld('3.1.10', { network });
    await world.init();
    await world.settle(world.start());
    return { world, unsubscribe, tell: (event: NetworkEvent) => tell(event) };
  };

  it.each(['plugin', 'host'] as const)(
    'told by the %s resets before the next service',
    async (by) => {
      const { world, tell } = await watched();
      world.log.length = 0;
      if (by === 'host') tell({ kind: 'changed', type: 'cellular' });
      else world.fake.localEvent('natChanged', {});
      await world.pass(100);
      // What still runs is left alone until something new is wanted.
      expect(world.log).toEqual([]);
      const { msgCallback } = world;
      const info = { url: STREAM_URL, xp2pInfo: XP2P_2_4 };
      const other = world.module.startP2PService('other', info, { msgCallback });
      await expect(world.settle(other)).resolves.toBe(0);
      expect(world.log).toEqual(['notify disconnect', 'notify connected']);
      expect(world.calls.filter((name) => name.startsWith('reset'))).toHaveLength(1);
    },
  );

  it('is told once, however many modules the plugin runs', async () => {
    const world = new PluginWorld('3.1.10', { deviceVersions: ['2.3'] });
    const events: string[] = [];
    const eventHandler = (event: string) => void events.push(event);
    await world.settle(world.module.init({ appParams: APP_PARAMS, eventHandler }));
    await world.settle(world.start());
    expect(world.fake.initialised).toEqual(['device-2.3', 'device-2.4']);
    world.fake.localEvent('natChanged', {});
    expect(events).toEqual(['natChanged']);
  });

  it('that the plugin tells after destroy is not passed on', async () => {
    let tell: (event: string, detail: unknown) => void = ignore;
    const init = ({ eventHandler }: { readonly eventHandler: typeof tell }) => {
      tell = eventHandler;
      return Promise.resolve(0);
    };
    const world = new PluginWorld('2.0.4', {}, { init });
    const events: string[] = [];
    const eventHandler = (event: string) => void events.push(event);
    await world.settle(world.module.init({ appParams: APP_PARAMS, eventHandler }));
    tell('natChanged', {});
    world.module.destroy();
    tell('natError', { errcode: 103 });
    expect(events).toEqual(['natChanged']);
  });

  it('is not listened for after destroy', async () => {
    const { world, unsubscribe } = await watched();
    world.module.destroy();
    expect(unsubscribe).toHaveBeenCalledTimes(1);
  });

  it('lets a service that reconnects at once wait for the reset', async () => {
    const { world, tell } = await watched();
    tell({ kind: 'changed', type: 'wifi' });
    const again: Promise<number>[] = [];
    world.module.updateServiceCallbacks('cam', {
      msgCallback: (_, subtype) => {
        if (subtype !== 'disconnect') return;
        world.module.stopP2PService('cam');
        again.push(world.start());
      },
    });
    await expect(world.settle(world.module.resetP2P())).resolves.toBe(0);
    await expect(world.settle(again[0]!)).resolves.toBe(0);
    // The reset has not taken it away again.
    await expect(world.settle(world.stream())).resolves.toBe(0);
    expect(world.calls.filter((name) => name.startsWith('reset'))).toHaveLength(1);
  });
});
