import { CameraEndpoint } from '../../services/p2p/endpoint';
import { createP2PModule, encodeXp2pInfo } from '../../services/p2p/module';
import { formatStunUrl } from '../../services/p2p/nat';
import { VirtualClock } from '../net/virtual-clock';
import { VirtualNetwork } from '../net/virtual-network';
import { addStunServers } from '../net/virtual-stun';
import { CameraScript } from './camera-script';
import { describeGuide } from './describe-guide';
import type { Subject } from './subject';

const LIMIT_MS = 120_000;

/** Our engine in a virtual internet: module and camera behind NATs, a relay, STUN servers. */
async function createSubject(): Promise<Subject> {
  const network = new VirtualNetwork(new VirtualClock(), 11);
  const stun = addStunServers(network);
  const relay = network.addRelay();
  const home = network.addAccess({ nat: 'full' });
  const other = network.addAccess({ nat: 'symmetric' });
  const viewer = network.addHost({ access: home });
  const cameraHost = network.addHost();
  const script = new CameraScript();
  const accessSecret = new Uint8Array(16).fill(5);
  const camera = new CameraEndpoint(cameraHost.createHost());
  let isRegistered = false;
  const listener = camera.listen({
    relayUrl: relay.url,
    accessSecret,
    onRequest: script.onRequest,
    onRelay: (state) => {
      isRegistered = state === 'registered';
    },
  });
  await network.runUntil(() => isRegistered, LIMIT_MS);
  const { publicKey } = camera;
  const identity = { publicKey, accessSecret, relayUrl: relay.url, sdkVersion: '2.4.0', flags: '' };
  return {
    module: createP2PModule(viewer.createHost()),
    xp2pInfo: encodeXp2pInfo(identity),
    device: script,
    initExtra: { stunServers: stun.ipv4.map(formatStunUrl) },
    nat: {
      block: () => {
        stun.answers = false;
      },
      unblock: () => {
        stun.answers = true;
      },
      change: () => viewer.moveTo(other),
    },
    loseDevice: () => cameraHost.moveTo(null),
    settle: async (promise) => {
      let isSettled = false;
      const mark = () => {
        isSettled = true;
      };
      promise.then(mark, mark);
      await network.runUntil(() => isSettled, LIMIT_MS);
      return promise;
    },
    until: (condition) => network.runUntil(condition, LIMIT_MS),
    pause: () => network.run(1000),
    close: () => {
      listener.close();
      camera.close();
    },
  };
}

describeGuide('the engine in a virtual network', { create: createSubject });
