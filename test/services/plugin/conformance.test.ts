import { describeGuide } from '../../conformance/describe-guide';
import type { Ability, Subject } from '../../conformance/subject';
import { FAKE_VERSIONS, generationOf } from '../../standins/fake-xp2p';
import type { FakeVersion } from '../../standins/fake-xp2p';
import { PluginWorld } from './plugin-world';

const LIMIT_MS = 120_000;

function createSubject(version: FakeVersion): Promise<Subject> {
  const world = new PluginWorld(version);
  const { fake, module, device } = world;
  return Promise.resolve({
    module,
    xp2pInfo: device.xp2pInfo,
    device,
    initExtra: {},
    nat: {
      block: () => {
        fake.probeSucceeds = false;
      },
      unblock: () => {
        fake.probeSucceeds = true;
      },
      change: () => fake.localEvent('natChanged', { natType: 'symmetric' }),
    },
    loseDevice: () => {
      device.online = false;
      for (const id of fake.services.keys()) fake.drop(id);
    },
    settle: (promise) => world.settle(promise, LIMIT_MS),
    until: async (condition) => {
      for (let ms = 0; !condition(); ms += 10) {
        if (ms > LIMIT_MS) throw new Error('it does not come true');
        await world.pass(10);
      }
    },
    pause: () => world.pass(1000),
    close: () => undefined,
  });
}

function lacks(version: FakeVersion): Ability[] {
  const can = generationOf(version);
  const abilities: Partial<Record<Ability, boolean>> = {
    // The plugin's service stands whether or not the device is there.
    lose: false,
    voice: can.voiceData,
    download: can.download,
    nat: can.natEvents,
    uuid: can.uuid,
    versions: can.modules,
    'binary-command': can.binaryCommands,
    'two-streams': can.streamCallbacks,
    'plain-voice': can.offCrypto,
  };
  return (Object.keys(abilities) as Ability[]).filter((name) => abilities[name] === false);
}

for (const version of FAKE_VERSIONS) {
  describeGuide(`the plugin ${version}`, {
    create: () => createSubject(version),
    lacks: lacks(version),
  });
}
