import type { FakeVersion } from '../../standins/fake-xp2p';
import { PluginWorld, XP2P_2_3, XP2P_2_4 } from './plugin-world';

describe('devices', () => {
  const start = async (version: FakeVersion, xp2pInfo: string) => {
    const world = new PluginWorld(version);
    world.device.xp2pInfo = xp2pInfo;
    await world.init();
    const started = world.settle(world.start('cam', xp2pInfo));
    return { world, started };
  };

  it.each([
    ['1.3.0', XP2P_2_4, -2004, 'version-mismatch'],
    ['2.0.4', XP2P_2_3, -2005, 'device-version-too-low'],
    ['1.0.0', 'XP2Pabc%2.2.9', -2005, 'device-version-too-low'],
    ['4.6.9', 'XP2Pabc%2.2.9', -2005, 'device-version-too-low'],
    ['4.6.9', '!!%2.4.0', -2001, 'xp2p-info-malformed'],
  ] as const)('%s refuses %s with %i', async (version, xp2pInfo, errcode, reason) => {
    const { started } = await start(version, xp2pInfo);
    await expect(started).rejects.toMatchObject({ errcode, reason, retryable: false });
  });

  it('of 2.3 and 2.4 run side by side from 3.0 on, each with its own module', async () => {
    const { world, started } = await start('3.1.10', XP2P_2_3);
    await expect(started).resolves.toBe(0);
    expect(world.fake.initialised).toEqual(['device-2.4', 'device-2.3']);
  });

  it('send sound and pictures as two streams from 3.1 on', async () => {
    const { world, started } = await start('4.6.9', `${XP2P_2_4}m`);
    await started;
    await world.settle(world.stream('action=live-audio&channel=0'));
    await world.settle(world.stream('action=live-mjpg&channel=0'));
    await expect(world.stream('action=live-mjpg')).rejects.toMatchObject({ errcode: -2401 });
    await world.pass(200);
    world.log.length = 0;
    world.module.stopStream('cam', 'live-mjpg');
    expect(world.log).toEqual(['notify close']);
    expect([...world.fake.services.get('cam')!.streams.keys()]).toEqual(['live-audio']);
  });

  it('send one of them before 3.1', async () => {
    const { world, started } = await start('3.0.0', `${XP2P_2_4}m`);
    await started;
    await world.settle(world.stream('action=live-audio'));
    await expect(world.stream('action=live-mjpg')).rejects.toMatchObject({
      errcode: -2004,
      message: expect.stringContaining('3.1.0') as string,
    });
  });
});
