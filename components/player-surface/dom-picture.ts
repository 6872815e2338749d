import { ALL_ROTATIONS, snapshotFailed } from '@components/player-view';
import type {
  HostMode,
  PictureControl,
  PictureRotation,
  PictureZoom,
  Snapshot,
} from '@components/player-view';
import type { VideoSize } from '@services/player';
import type { StreamTap } from '@services/recorder';

/** What a browser can do with a `<video>` beside playing it. */
export class DomPicture implements PictureControl {
  readonly canFill = true;
  readonly rotations = ALL_ROTATIONS;
  readonly hasSoundMode = false;
  readonly fullscreen = null;
  readonly hasVolume: boolean;
  readonly pictureInPicture: HostMode | null;

  constructor(
    private readonly box: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
    readonly tap: StreamTap,
  ) {
    this.hasVolume = takesVolume(video);
    this.pictureInPicture = pictureInPictureOf(video);
    this.setZoom({ scale: 1, x: 0, y: 0 });
  }

  readonly setZoom = (zoom: PictureZoom): void => enlarge(this.box, zoom);

  readonly snapshot = async (rotation: PictureRotation): Promise<Snapshot> => {
    const { video } = this;
    // While the stream comes anew, the last picture stands on the canvas.
    const source = this.canvas.hidden ? video : this.canvas;
    const width = source === video ? video.videoWidth : this.canvas.width;
    const height = source === video ? video.videoHeight : this.canvas.height;
    if (width === 0 || height === 0) throw snapshotFailed('there is no picture yet');
    return { kind: 'blob', blob: await turned(source, { width, height }, rotation, 'image/png') };
  };
}

/** Straight to the element: a gesture moves it with each frame, which React need not know. */
export function enlarge(box: HTMLElement, { scale, x, y }: PictureZoom): void {
  box.style.transform = scale === 1 ? '' : `translate(${x * 100}%, ${y * 100}%) scale(${scale})`;
}

/** Draws a picture in its own size, turned, and encodes it. */
export async function turned(
  source: CanvasImageSource,
  { width, height }: VideoSize,
  rotation: PictureRotation,
  type: 'image/png' | 'image/jpeg',
): Promise<Blob> {
  const drawn = document.createElement('canvas');
  const upright = rotation % 180 === 0;
  drawn.width = upright ? width : height;
  drawn.height = upright ? height : width;
  const context = drawn.getContext('2d');
  if (context === null) throw snapshotFailed('the browser gives no canvas');
  context.translate(drawn.width / 2, drawn.height / 2);
  context.rotate((rotation * Math.PI) / 180);
  context.drawImage(source, -width / 2, -height / 2);
  const blob = await new Promise<Blob | null>((resolve) => drawn.toBlob(resolve, type, 0.95));
  if (blob === null) throw snapshotFailed('the picture could not be encoded');
  return blob;
}

/** On an iPhone the volume is that of its buttons: what is set there is not kept. */
export function takesVolume(video: HTMLVideoElement): boolean {
  const before = video.volume;
  video.volume = before > 0.5 ? 0.25 : 0.75;
  const taken = video.volume !== before;
  video.volume = before;
  return taken;
}

function pictureInPictureOf(video: HTMLVideoElement): HostMode | null {
  if (!document.pictureInPictureEnabled || typeof video.requestPictureInPicture !== 'function') {
    return null;
  }
  return {
    enter: async () => {
      await video.requestPictureInPicture();
    },
    leave: async () => {
      if (document.pictureInPictureElement === video) await document.exitPictureInPicture();
    },
    onChange(listener) {
      const abort = new AbortController();
      const options = { signal: abort.signal };
      video.addEventListener('enterpictureinpicture', () => listener(true), options);
      video.addEventListener('leavepictureinpicture', () => listener(false), options);
      return () => abort.abort();
    },
  };
}
