import { ALL_ROTATIONS, snapshotFailed } from '@components/player-view';
import type {
  PictureControl,
  PictureRotation,
  PictureZoom,
  Snapshot,
} from '@components/player-view';
import type { CanvasSink } from './canvas-sink';
import { enlarge, takesVolume, turned } from './dom-picture';

/** What a browser can do with a picture stream beside showing it. */
export class CanvasPicture implements PictureControl {
  readonly canFill = true;
  readonly rotations = ALL_ROTATIONS;
  readonly hasSoundMode = false;
  readonly fullscreen = null;
  readonly pictureInPicture = null;
  /** There is no FLV to record. */
  readonly tap = null;
  /** Of its sound, which a video element plays. */
  readonly hasVolume = takesVolume(document.createElement('video'));

  constructor(
    private readonly box: HTMLElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly sink: Pick<CanvasSink, 'picture'>,
  ) {
    this.setZoom({ scale: 1, x: 0, y: 0 });
  }

  readonly setZoom = (zoom: PictureZoom): void => enlarge(this.box, zoom);

  /** The JPEG as the camera sent it; encoded anew only where it has to be turned. */
  readonly snapshot = async (rotation: PictureRotation): Promise<Snapshot> => {
    const { canvas, sink } = this;
    if (sink.picture === null) throw snapshotFailed('there is no picture yet');
    if (rotation === 0) return { kind: 'blob', blob: sink.picture };
    const { width, height } = canvas;
    return { kind: 'blob', blob: await turned(canvas, { width, height }, rotation, 'image/jpeg') };
  };
}
