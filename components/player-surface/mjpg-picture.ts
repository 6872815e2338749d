import { ALL_ROTATIONS, snapshotFailed } from '@components/player-view';
import type { PictureControl, Snapshot } from '@components/player-view';
import Taro from '@tarojs/taro';
import type { MjpgPlayerContext } from './mjpg-player';

/** Overwritten by each snapshot: what is to stay is saved to the album. */
const SNAPSHOT_FILE = 'iot-snapshot.jpg';

/** What WeChat's picture player can do beside playing. */
export class MjpgPicture implements PictureControl {
  readonly hasVolume = false;
  readonly canFill = false;
  readonly rotations = ALL_ROTATIONS;
  /** Of its sound, which a `<p2p-player>` plays. */
  readonly hasSoundMode = true;
  readonly setZoom = null;
  readonly pictureInPicture = null;
  readonly fullscreen = null;
  readonly tap = null;

  /** @param contextOf the player's latest context; null while there is none */
  constructor(private readonly contextOf: () => MjpgPlayerContext | null) {}

  /** The player gives bytes, which become a file as they do of live-player. */
  readonly snapshot = (): Promise<Snapshot> =>
    new Promise((resolve, reject) => {
      const fail = ({ errMsg = 'no reason given' }: { readonly errMsg?: string }): void =>
        reject(snapshotFailed(errMsg));
      const context = this.contextOf();
      if (context?.snapshot === undefined) {
        fail({ errMsg: 'there is no player to take it from' });
        return;
      }
      context.snapshot({
        quality: 'raw',
        fail,
        success: ({ data }) => {
          const path = `${Taro.env.USER_DATA_PATH ?? ''}/${SNAPSHOT_FILE}`;
          Taro.getFileSystemManager().writeFile({
            filePath: path,
            data,
            success: () => resolve({ kind: 'file', path }),
            fail,
          });
        },
      });
    });
}
