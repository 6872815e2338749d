export { FakeXp2p } from './fake-xp2p';
export { FAKE_VERSIONS, generationOf } from './generation';
export type { FakeVersion } from './generation';
export { ScriptedDevice } from './scripted-device';
