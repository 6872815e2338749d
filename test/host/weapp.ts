import path from 'node:path';
import { MiniProgram } from './mini-program';
import type { Page } from './page';
import type { EmulatedPusher } from './emulated-pusher';
import { EmulatedPlayerPlugin } from './player-plugin';
import type { EmulatedPlayer, PlayerManners } from './player-plugin';
import type { Screen } from './screen';
import { createWx } from './wx/wx';
import type { EmulatedWx } from './wx/wx';

const ROOT = path.resolve(__dirname, '../..');
const LOOK_EVERY_MS = 20;

/** The demo app as it was built for WeChat, running. */
export class Weapp {
  readonly player: EmulatedPlayerPlugin;
  readonly app: MiniProgram;
  wx!: EmulatedWx;

  constructor(
    manners: PlayerManners = {},
    folder = path.join(ROOT, 'dist/weapp'),
    screen?: Screen,
  ) {
    this.player = new EmulatedPlayerPlugin(manners);
    this.app = new MiniProgram({
      folder,
      ...(screen !== undefined && { screen }),
      createWx: (sandbox) => {
        this.player.toBuffer = (bytes) => sandbox.toBuffer(bytes);
        this.wx = createWx(sandbox, {
          navigator: {
            open: (url) => void this.app.open(url),
            replace: (url) => {
              this.app.back();
              this.app.open(url);
            },
            back: () => this.app.back(),
            query: () => this.app.page.query(),
          },
        });
        return this.wx.wx;
      },
      plugins: {
        'wechat-p2p-player': this.player,
        xp2p: { exports: {}, components: [], define: () => undefined },
      },
    });
  }

  /** Starts the app on its live page. */
  static watch(xp2pInfo: string, manners?: PlayerManners): Weapp {
    const weapp = new Weapp(manners);
    weapp.app.launch(`/pages/live/index?xp2pInfo=${encodeURIComponent(xp2pInfo)}`);
    return weapp;
  }

  get page(): Page {
    return this.app.page;
  }

  /** The newest player on the page. @throws Error when there is none. */
  get latestPlayer(): EmulatedPlayer {
    const latest = this.player.players[this.player.players.length - 1];
    if (latest === undefined) throw new Error('no player has been on a page');
    return latest;
  }

  /** The newest pusher on the page. @throws Error when there is none. */
  get latestPusher(): EmulatedPusher {
    const latest = this.player.pushers[this.player.pushers.length - 1];
    if (latest === undefined) throw new Error('no pusher has been on a page');
    return latest;
  }

  /** Waits until something holds of the app. @throws Error telling what the page says instead. */
  async until(what: string, holds: () => boolean, deadlineMs = 15_000): Promise<void> {
    const startedMs = Date.now();
    while (!holds()) {
      if (Date.now() - startedMs > deadlineMs) {
        const errors = this.app.errors.map((error) => String(error)).join('; ');
        const open = JSON.stringify({ ...this.wx.open(), ...this.app.sandbox.openTimers });
        throw new Error(`not in time: ${what}. The page says: ${this.app.text} ${errors} ${open}`);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** Waits for pictures of the newest player's present request. */
  async frames(count: number): Promise<void> {
    const hasThem = () => this.player.players.length > 0 && this.latestPlayer.frames >= count;
    await this.until(`${count} pictures`, hasThem);
  }

  /**
   * Ends the app and what it has left open.
   * @throws Error when the app has used something of `wx` that the emulator does not have.
   */
  close(): void {
    this.app.close();
    this.wx.close();
    const missing = [...this.wx.missing];
    if (missing.length > 0) throw new Error(`the emulator has no wx.${missing.join(', wx.')}`);
  }
}
