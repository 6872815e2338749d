import type { Clock, NetworkMonitor, Random } from '@services/host';
import type { Entropy } from '@services/host/mini';
import type { Locale } from '@services/i18n';
import type { Log } from '@services/log';
import type { P2PModule, XP2PAppParams } from '@services/p2p/module';

/** What a host gives the kit: an engine, and time and chance for the players. */
export interface IotVideoPlatform {
  readonly clock: Clock;
  readonly random: Random;
  /** Another network ends a player's wait for its next try. */
  readonly network?: NetworkMonitor | undefined;
  readonly createModule: () => P2PModule | Promise<P2PModule>;
}

export type CreatePlatform = (config: Pick<IotVideoConfig, 'entropy'>) => IotVideoPlatform;

export interface IotVideoConfig {
  /**
   * The seed's customer parameters. Only the vendor's plugin needs real ones; our engine sends none
   * (default: `NEUTRAL_APP_PARAMS`). Read once.
   */
  readonly appParams?: XP2PAppParams;
  /** Language of the kit's texts (default: the host's). */
  readonly locale?: Locale;
  /** A p2p module to use in place of the host's own. Read once. */
  readonly module?: P2PModule;
  /**
   * For cameras of the vendor's: its plugin in WeChat, `createPluginModule({ plugin:
   * requirePlugin('xp2p'), … })`. It needs the customer's own `appParams`. Read once.
   */
  readonly vendorModule?: P2PModule;
  /**
   * For mini-programs whose host has no secure random source (Alipay among them): 48 secret bytes or more
   * from a place the app trusts, another lot each time. Read once.
   */
  readonly entropy?: Entropy;
  /** Time and chance in place of the host's; for tests. Read once. */
  readonly platform?: Pick<IotVideoPlatform, 'clock' | 'random'>;
  /** Takes the kit's log; nothing is logged without it. Read once. */
  readonly onLog?: Log;
}
