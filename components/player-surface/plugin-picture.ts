import { snapshotFailed } from '@components/player-view';
import type { HostMode, PictureControl, Snapshot } from '@components/player-view';
import type { LivePlayerContext } from './plugin-player';

/** What WeChat's live-player can do beside playing; its volume is that of the phone's buttons. */
export class PluginPicture implements PictureControl {
  readonly hasVolume = false;
  readonly canFill = true;
  readonly canRotate = false;
  readonly setZoom = null;
  readonly pictureInPicture = null;
  readonly tap = null;
  private readonly listeners = new Set<(on: boolean) => void>();

  /** @param contextOf the native player's latest context; null while there is none */
  constructor(private readonly contextOf: () => LivePlayerContext | null) {}

  readonly snapshot = (): Promise<Snapshot> =>
    new Promise((resolve, reject) => {
      const context = this.contextOf();
      if (context?.snapshot === undefined) {
        reject(snapshotFailed('there is no player to take it from'));
        return;
      }
      context.snapshot({
        quality: 'raw',
        success: ({ tempImagePath }) => resolve({ kind: 'file', path: tempImagePath }),
        fail: ({ errMsg = 'no reason given' }) => reject(snapshotFailed(errMsg)),
      });
    });

  readonly fullscreen: HostMode = {
    enter: () =>
      new Promise((resolve, reject) => {
        const context = this.contextOf();
        if (context?.requestFullScreen === undefined) {
          reject(snapshotFailed('there is no player to enlarge'));
          return;
        }
        // 90: on its side, as pictures are wider than phones.
        context.requestFullScreen({ direction: 90, success: () => resolve(), fail: reject });
      }),
    leave: () =>
      new Promise((resolve, reject) => {
        const context = this.contextOf();
        // Without a player there is no full screen either.
        if (context?.exitFullScreen === undefined) resolve();
        else context.exitFullScreen({ success: () => resolve(), fail: reject });
      }),
    onChange: (listener) => {
      this.listeners.add(listener);
      return () => void this.listeners.delete(listener);
    },
  };

  /** The native player's `fullscreenchange`; the user's back key ends it, too. */
  onFullscreenChange(on: boolean): void {
    for (const listener of [...this.listeners]) listener(on);
  }
}
