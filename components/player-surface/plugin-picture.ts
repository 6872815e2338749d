import { snapshotFailed, unsupported } from '@components/player-view';
import type { HostMode, PictureControl, PictureRotation, Snapshot } from '@components/player-view';
import type { StreamTap } from '@services/recorder';
import type { LivePlayerContext } from './plugin-player';

type Call =
  'requestFullScreen' | 'exitFullScreen' | 'requestPictureInPicture' | 'exitPictureInPicture';

/** A way to show the picture that the native player tells about by events. */
class NativeMode implements HostMode {
  private readonly listeners = new Set<(on: boolean) => void>();

  constructor(
    readonly enter: () => Promise<void>,
    readonly leave: () => Promise<void>,
  ) {}

  onChange(listener: (on: boolean) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(on: boolean): void {
    for (const listener of [...this.listeners]) listener(on);
  }
}

/** live-player's `orientation="horizontal"` turns the picture so. */
export const SIDEWAYS: PictureRotation = 270;

/** What WeChat's live-player can do beside playing; its volume is that of the phone's buttons. */
export class PluginPicture implements PictureControl {
  readonly hasVolume = false;
  readonly canFill = true;
  readonly rotations: readonly PictureRotation[] = [0, SIDEWAYS];
  readonly hasSoundMode = true;
  readonly setZoom = null;
  readonly fullscreen: NativeMode;
  readonly pictureInPicture: NativeMode | null;

  /**
   * @param contextOf the native player's latest context; null while there is none
   * @param canFloat whether the host has picture in picture
   */
  constructor(
    private readonly contextOf: () => LivePlayerContext | null,
    readonly tap: StreamTap,
    canFloat: boolean,
  ) {
    this.fullscreen = new NativeMode(
      // 90: on its side, as pictures are wider than phones.
      () => this.call('requestFullScreen', { direction: 90 }),
      () => this.call('exitFullScreen'),
    );
    this.pictureInPicture = canFloat
      ? new NativeMode(
          () => this.call('requestPictureInPicture'),
          () => this.call('exitPictureInPicture'),
        )
      : null;
  }

  readonly snapshot = (rotation: PictureRotation): Promise<Snapshot> =>
    new Promise((resolve, reject) => {
      const context = this.contextOf();
      if (context?.snapshot === undefined) {
        reject(snapshotFailed('there is no player to take it from'));
        return;
      }
      context.snapshot({
        quality: 'raw',
        // The stream's own picture is upright.
        ...(rotation !== 0 && { sourceType: 'view' as const }),
        success: ({ tempImagePath }) => resolve({ kind: 'file', path: tempImagePath }),
        fail: ({ errMsg = 'no reason given' }) => reject(snapshotFailed(errMsg)),
      });
    });

  private call(name: Call, more: { readonly direction: 90 } | object = {}): Promise<void> {
    return new Promise((resolve, reject) => {
      const context = this.contextOf() as Partial<Record<Call, (options: object) => void>> | null;
      const outcome = { success: () => resolve(), fail: reject };
      if (context?.[name] !== undefined) context[name]({ ...more, ...outcome });
      // What is not there need not be left.
      else if (name.startsWith('exit')) resolve();
      else reject(unsupported(name));
    });
  }
}
