import { createNodeHost } from '../../../../services/host/node';
import { createP2PModule } from '../../../../services/p2p/module';
import { CameraWorld } from '../lib/camera-world';

const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };

let world: CameraWorld;

beforeEach(async () => {
  world = await CameraWorld.start();
});

afterEach(() => world.close());

describe('what a camera says by itself, over the real engine', () => {
  it('reaches the app as feedback, whenever it asked for it', async () => {
    const camera = await world.camera();
    const module = createP2PModule(createNodeHost());
    await module.init({ appParams });
    const heard: unknown[] = [];
    let onHeard: () => void = () => undefined;
    const next = (): Promise<void> => new Promise((resolve) => (onHeard = resolve));
    const started = module.startP2PService(
      'door',
      { url: 'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live', xp2pInfo: camera.xp2pInfo },
      {
        msgCallback: (event, _subtype, detail) => {
          if (event !== module.XP2PEventEnum.Feedback) return;
          heard.push(JSON.parse(detail as string));
          onHeard();
        },
      },
    );
    module.watchFeedback('door');
    await started;
    const rung = next();
    await module.sendCommand('door', 'action=user_define&channel=0&cmd=doorbell_press');
    await rung;
    expect(heard).toEqual([
      {
        iv_private_cmd: 'call_start',
        call_id: expect.stringMatching(/^[0-9a-f]{16}$/),
        calltype: 'audio',
      },
    ]);
    module.destroy();
  });
});
