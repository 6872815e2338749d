import { DeviceSessions } from '../../../services/device';
import type { DeviceStreamEvents } from '../../../services/device';
import { FakeP2PModule } from '../../standins/fake-p2p-module';
import { APP_PARAMS, PluginWorld } from './plugin-world';

const PARAMS = 'action=live&channel=0&quality=high';

describe.each(['1.3.0', '4.6.9'] as const)(
  'a vendor’s camera in an app with xp2p %s',
  (version) => {
    it('streams, is lost, and comes back, by the same calls as an open one', async () => {
      const world = new PluginWorld(version);
      const module = new FakeP2PModule();
      const sessions = new DeviceSessions({
        module,
        vendorModule: world.module,
        appParams: APP_PARAMS,
      });
      const device = { id: 'cam', xp2pInfo: world.device.xp2pInfo };
      const log: string[] = [];
      const lease = sessions.acquire(device, {
        onPath: () => log.push('path'),
        onDisconnect: (error) => log.push(`disconnect ${error.reason} ${error.retryable}`),
      });
      const events: DeviceStreamEvents = {
        onRequest: () => log.push('request'),
        onParsed: (status) => log.push(`parsed ${status}`),
        onData: (chunk) => log.push(`data ${chunk.byteLength}`),
        onEnd: () => log.push('end'),
        onFail: (error) => log.push(`fail ${error.reason}`),
      };
      const play = async () => {
        await world.settle(sessions.init(device));
        const connected = lease.connect(PARAMS);
        await lease.startStream(PARAMS, events);
        await world.settle(connected);
        await world.pass(300);
      };
      const played = ['request', 'parsed 200', 'data 3'];
      await play();
      expect(log.splice(0)).toEqual(played);
      world.fake.drop('cam');
      expect(log.splice(0)).toEqual(['fail connection-lost', 'disconnect connection-lost true']);
      await play();
      expect(log).toEqual(played);
      sessions.dispose();
      await world.pass(500);
      expect(world.fake.services.size).toBe(0);
      expect(module.calls).toEqual([]);
    });
  },
);
