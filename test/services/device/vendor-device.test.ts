import { DeviceSessions } from '../../../services/device';
import { encodeXp2pInfo } from '../../../services/p2p/module';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };
const PARAMS = 'action=live&channel=0&quality=high';
const events = { onPath: () => undefined, onDisconnect: () => undefined };
const open = {
  id: 'open',
  xp2pInfo: encodeXp2pInfo({
    publicKey: new Uint8Array(32).fill(1),
    accessSecret: new Uint8Array(16).fill(2),
    relayUrl: 'ws://relay.example/relay',
    sdkVersion: '2.4.0',
    flags: '',
  }),
};
const vendor = { id: 'vendor', xp2pInfo: 'XP2PQ+a/9x==%2.4.20' };

const setUp = () => {
  const module = new FakeP2PModule();
  const vendorModule = new FakeP2PModule();
  const sessions = new DeviceSessions({ module, vendorModule, appParams });
  return { module, vendorModule, sessions };
};

describe('DeviceSessions with a module for the vendor’s cameras', () => {
  it('connects each camera by the module that can reach it', () => {
    const { module, vendorModule, sessions } = setUp();
    void sessions.acquire(open, events).connect(PARAMS);
    void sessions.acquire(vendor, events).connect(PARAMS);
    expect(module.calls).toEqual(['startP2PService open']);
    expect(vendorModule.calls).toEqual(['startP2PService vendor']);
  });

  it('initialises the module of the camera, and leaves the other alone', async () => {
    const { module, vendorModule, sessions } = setUp();
    vendorModule.initResult = () => Promise.reject(iotError('internal'));
    await sessions.init(open);
    await expect(sessions.init(vendor)).rejects.toMatchObject({ reason: 'internal' });
    vendorModule.initResult = () => Promise.resolve(0);
    await Promise.all([sessions.init(vendor), sessions.init(vendor), sessions.init()]);
    expect(module.calls).toEqual(['init']);
    expect(vendorModule.calls).toEqual(['init', 'init']);
  });

  it('destroys those that it initialised', async () => {
    const { module, vendorModule, sessions } = setUp();
    await sessions.init(vendor);
    sessions.dispose();
    expect(module.calls).toEqual([]);
    expect(vendorModule.calls).toEqual(['init', 'destroy']);
  });

  it('leaves it to the engine to refuse what it cannot read, or without such a module', () => {
    const { module, vendorModule, sessions } = setUp();
    void sessions.acquire({ id: 'bad', xp2pInfo: 'nonsense' }, events).connect(PARAMS);
    const alone = new DeviceSessions({ module, appParams });
    void alone.acquire(vendor, events).connect(PARAMS);
    expect(module.calls).toEqual(['startP2PService bad', 'startP2PService vendor']);
    expect(vendorModule.calls).toEqual([]);
  });
});
