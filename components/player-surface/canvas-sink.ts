import { headerOf, MjpgReader } from '@services/media/mjpg';
import type { PlayerSink, PlayerSinkEvents } from '@services/player';
import { mediaBroken } from './media-errors';
import { decodePicture } from './decode-picture';

/** Without a picture for this long, in ms, it stands still. */
const STALL_MS = 3_000;
const WATCH_EVERY_MS = 500;
const PROGRESS_EVERY_MS = 1_000;
/** So many in a row that cannot be decoded are no accident. */
const MAX_BROKEN = 10;

/**
 * Shows a picture stream (multipart JPEG) on a canvas. It decodes one picture at a time, and when it is
 * behind only the newest: nothing queues. It has no sound.
 */
export class CanvasSink implements PlayerSink {
  private events: PlayerSinkEvents | null = null;
  /** Of the present pull; null between pulls. */
  private reader: MjpgReader | null = null;
  /** Grows with each pull: a picture of an older one comes too late. */
  private pull = 0;
  private next: Blob | null = null;
  private decoding = false;
  private shownPicture: Blob | null = null;
  private shown = 0;
  private dropped = 0;
  private broken = 0;
  private stalled = false;
  private firstAtMs = 0;
  private latestAtMs = 0;
  private reportedAtMs = 0;
  private stopListening: () => void = () => {};

  constructor(private readonly canvas: HTMLCanvasElement) {}

  /** The JPEG that is on the canvas, as the camera sent it; null before the first. */
  get picture(): Blob | null {
    return this.shownPicture;
  }

  open(events: PlayerSinkEvents): void {
    this.close();
    this.events = events;
    this.stopListening = this.listen();
    if (document.hidden) events.onVisible(false);
    events.onReady();
  }

  play(): void {
    if (this.events === null) return;
    this.endPull();
    this.reader = new MjpgReader();
    this.events.onStartPull();
  }

  setHeaders(headers: Readonly<Record<string, string>>): void {
    if (this.reader === null) return;
    this.reader = new MjpgReader({ contentType: headerOf(headers, 'content-type') });
  }

  write(chunk: ArrayBuffer): void {
    if (this.reader === null) return;
    const { pictures, error } = this.reader.push(new Uint8Array(chunk));
    const newest = pictures[pictures.length - 1];
    if (newest !== undefined) {
      this.dropped += pictures.length - 1 + (this.next === null ? 0 : 1);
      this.next = new Blob([newest], { type: 'image/jpeg' });
      void this.showNext();
    }
    if (error !== null) this.fail(error);
  }

  /** There is nothing left to show: pictures do not queue. */
  end(): void {}

  stop(): void {
    this.endPull();
  }

  /** Pictures are silent; their sound is a stream of its own. */
  setMuted(): void {}

  setVolume(): void {}

  close(): void {
    if (this.events === null) return;
    this.endPull();
    this.stopListening();
    this.events = null;
  }

  private async showNext(): Promise<void> {
    const { next, pull } = this;
    // What is hidden need not be drawn; the newest is kept until it is seen.
    if (this.decoding || next === null || document.hidden) return;
    this.next = null;
    this.decoding = true;
    try {
      const decoded = await decodePicture(next);
      if (pull === this.pull) this.draw(decoded.source, decoded.width, decoded.height, next);
      decoded.release();
    } catch (cause) {
      if (pull === this.pull) this.onBroken(cause);
    } finally {
      this.decoding = false;
    }
    void this.showNext();
  }

  private draw(source: CanvasImageSource, width: number, height: number, jpeg: Blob): void {
    const { canvas, events } = this;
    if (this.reader === null || events === null) return;
    const context = canvas.getContext('2d');
    if (context === null) return this.fail(mediaBroken('the browser gives no canvas'));
    const resized = canvas.width !== width || canvas.height !== height;
    if (resized) {
      canvas.width = width;
      canvas.height = height;
    }
    context.drawImage(source, 0, 0, width, height);
    this.shownPicture = jpeg;
    this.broken = 0;
    this.latestAtMs = performance.now();
    if (this.shown++ === 0) {
      this.firstAtMs = this.latestAtMs;
      events.onVideoSize({ width, height });
      events.onFirstFrame();
    } else if (resized) {
      events.onVideoSize({ width, height });
    }
    this.tellStalled(false);
  }

  private onBroken(cause: unknown): void {
    this.dropped++;
    if (++this.broken < MAX_BROKEN) return;
    this.fail(mediaBroken(`${MAX_BROKEN} pictures in a row could not be decoded`, cause));
  }

  /** The pull is of no more use. */
  private fail(error: Parameters<PlayerSinkEvents['onError']>[0]): void {
    this.endPull();
    this.events?.onError(error);
  }

  private endPull(): void {
    this.pull++;
    this.reader = null;
    this.next = null;
    this.shown = 0;
    this.dropped = 0;
    this.broken = 0;
    this.stalled = false;
  }

  private listen(): () => void {
    const onVisibility = (): void => {
      this.events?.onVisible(!document.hidden);
      if (document.hidden) return;
      this.latestAtMs = performance.now();
      void this.showNext();
    };
    document.addEventListener('visibilitychange', onVisibility);
    const timer = setInterval(() => this.watch(), WATCH_EVERY_MS);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      clearInterval(timer);
    };
  }

  private watch(): void {
    if (this.shown === 0 || document.hidden) return;
    const nowMs = performance.now();
    if (nowMs - this.latestAtMs >= STALL_MS) this.tellStalled(true);
    if (nowMs - this.reportedAtMs < PROGRESS_EVERY_MS) return;
    this.reportedAtMs = nowMs;
    this.events?.onProgress({
      currentTimeMs: Math.round(this.latestAtMs - this.firstAtMs),
      // Each is shown as it comes.
      latencyMs: 0,
      shownFrames: this.shown,
      droppedFrames: this.dropped,
    });
  }

  private tellStalled(stalled: boolean): void {
    if (stalled === this.stalled) return;
    this.stalled = stalled;
    if (stalled) this.events?.onStalled();
    else this.events?.onResumed();
  }
}
