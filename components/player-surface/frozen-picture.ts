/**
 * The last picture of a video element, kept on a canvas before it while the element is empty: a
 * reconnection must not make the screen black.
 */
export class FrozenPicture {
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
  ) {}

  /** Takes what the element shows now; keeps the older picture when it shows nothing. */
  take(): void {
    const { video, canvas } = this;
    if (video.videoWidth === 0 || video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext('2d')?.drawImage(video, 0, 0);
    canvas.hidden = false;
  }

  /** The element shows a picture of its own again. */
  drop(): void {
    if (this.canvas.hidden) return;
    this.canvas.hidden = true;
    // Gives the memory back.
    this.canvas.width = 0;
    this.canvas.height = 0;
  }
}
