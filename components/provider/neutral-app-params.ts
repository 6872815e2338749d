import type { XP2PAppParams } from '@services/p2p/module';

/** Well-formed and without meaning: enough for our engine, which needs no customer account. */
export const NEUTRAL_APP_PARAMS: XP2PAppParams = {
  appid: 'open',
  appOauthId: 'open',
  appKey: 'open',
  appSecretKey: 'open',
  appPackage: 'open',
};
