import type { Browser } from 'playwright-core';
import { Weapp } from '../weapp';
import type { PlayerManners } from '../player-plugin';
import { ChromiumScreen } from './chromium-screen';

/** The demo app as it was built for WeChat, on a screen that can be looked at and tapped. */
export class WeappInChromium extends Weapp {
  private constructor(
    readonly screen: ChromiumScreen,
    manners: PlayerManners,
  ) {
    super(manners, undefined, screen);
    this.player.onStream = (tag, bytes) => {
      const id = ChromiumScreen.idOf(tag);
      const base64 = bytes === null ? null : Buffer.from(bytes).toString('base64');
      if (id !== null) screen.send(['flv', id, base64]);
    };
    this.player.onPicture = (tag, jpeg) => {
      const id = ChromiumScreen.idOf(tag);
      if (id !== null) screen.send(['jpeg', id, Buffer.from(jpeg).toString('base64')]);
    };
  }

  /** Gets ready to launch `app`. */
  static async open(
    browser: Browser,
    manners: PlayerManners = {},
    options: { readonly colorScheme?: 'light' | 'dark' } = {},
  ): Promise<WeappInChromium> {
    return new WeappInChromium(await ChromiumScreen.open(browser, options), manners);
  }

  /** Ends the app and its screen. */
  async end(): Promise<void> {
    await this.screen.close();
    this.close();
  }
}
