import { encodeUtf8 } from '@services/encoding';
import type { CancelTimer } from '@services/host';
import { boundaryOf, headerOf, MjpgReader } from '@services/media/mjpg';
import type { PlayerSink } from '@services/player';
import { mediaBroken } from './media-errors';
import type {
  MjpgLoadDetail,
  MjpgPlayerContext,
  MjpgPlayerExport,
  MjpgReadyDetail,
} from './mjpg-player';
import type { NativeErrorDetail, PlayerCloseDetail } from './plugin-player';
import { PluginTagSink, RETURN_MS } from './plugin-tag-sink';
import type { TagSinkOptions, TagView } from './plugin-tag-sink';

/** Without a picture for this long, in ms, it stands still. */
const STALL_MS = 3_000;
const PROGRESS_MS = 1_000;
/** Where the camera has named none. */
const BOUNDARY = 'picture';

/**
 * Shows a picture stream in WeChat's `<p2p-mjpg-player>`. Takes multipart bytes cut anywhere; the plugin
 * gets whole parts, each head at the beginning of a chunk, as it wants them. A request that breaks off
 * is answered again from the next picture. It has no sound.
 */
export class MjpgPluginSink
  extends PluginTagSink<MjpgPlayerContext, MjpgPlayerExport, TagView>
  implements PlayerSink
{
  private reader: MjpgReader | null = null;
  private headers: Readonly<Record<string, string>> = {};
  /** Whether the open request has its headers. */
  private answered = false;
  private shown = 0;
  private size = { width: 0, height: 0 };
  private shownSinceMs = 0;
  private toldMs = 0;
  private cancelStall: CancelTimer = () => undefined;

  constructor(options: TagSinkOptions<TagView>) {
    super(options, 'p2p-mjpg-player', { instance: null, autoplay: false });
  }

  play(): void {
    this.endPull();
    this.reader = new MjpgReader();
    this.startPull();
  }

  /** The stream's response headers; to be told before its first bytes. */
  setHeaders(headers: Readonly<Record<string, string>>): void {
    this.headers = headers;
    if (this.reader === null) return;
    this.reader = new MjpgReader({ contentType: headerOf(headers, 'content-type') });
  }

  write(chunk: ArrayBuffer): void {
    if (this.reader === null) return;
    const { pictures, error } = this.reader.push(new Uint8Array(chunk));
    for (const picture of pictures) this.hand(picture);
    if (error !== null) this.events?.onError(error);
  }

  /** Pictures are silent; their sound is a stream of its own. */
  setMuted(): void {}

  setVolume(): void {}

  onPlayerReady({ mjpgPlayerContext, playerExport }: MjpgReadyDetail): void {
    this.becomeReady(mjpgPlayerContext, playerExport);
  }

  onPlayerClose({ error }: PlayerCloseDetail): void {
    if (this.reader === null || !this.pulling) return;
    this.pulling = false;
    if (this.hidden || error?.code === 'MEDIA_FINISH') return;
    this.schedule(RETURN_MS, () => this.playerContext?.play?.());
  }

  onNativeError({ errCode, errMsg = '' }: NativeErrorDetail): void {
    this.events?.onError(mediaBroken(`a picture cannot be shown: ${errCode ?? ''} ${errMsg}`));
  }

  /** A picture is on the screen. */
  onLoad({ width = 0, height = 0 }: MjpgLoadDetail): void {
    const { events, size } = this;
    if (events === null || this.reader === null) return;
    const nowMs = this.options.clock.nowMs();
    if (width > 0 && height > 0 && (width !== size.width || height !== size.height)) {
      this.size = { width, height };
      events.onVideoSize({ width, height });
    }
    if (this.shown++ === 0) {
      this.shownSinceMs = nowMs;
      this.toldMs = nowMs;
      events.onFirstFrame();
    }
    this.tellStalled(false);
    this.cancelStall();
    this.cancelStall = this.options.clock.setTimer(STALL_MS, () => this.tellStalled(true));
    if (nowMs - this.toldMs < PROGRESS_MS) return;
    this.toldMs = nowMs;
    events.onProgress({
      currentTimeMs: nowMs - this.shownSinceMs,
      latencyMs: 0,
      shownFrames: this.shown,
      droppedFrames: null,
    });
  }

  override setHidden(hidden: boolean): void {
    if (hidden) this.cancelStall();
    super.setHidden(hidden);
  }

  protected get isWanted(): boolean {
    return this.reader !== null;
  }

  protected onPull(): void {
    this.answered = false;
  }

  protected override endPull(): void {
    super.endPull();
    this.cancelStall();
    this.reader = null;
    this.headers = {};
    this.answered = false;
    this.shown = 0;
  }

  private hand(picture: Uint8Array<ArrayBuffer>): void {
    const { player } = this;
    if (!this.pulling || player === null) return;
    const named = boundaryOf(headerOf(this.headers, 'content-type') ?? '');
    const boundary = named ?? BOUNDARY;
    try {
      if (!this.answered) {
        const contentType = `multipart/x-mixed-replace; boundary=${boundary}`;
        player.setHeaders?.(
          named === null ? { ...this.headers, 'content-type': contentType } : this.headers,
        );
      }
      this.answered = true;
      player.addChunk(partOf(picture, boundary));
    } catch (cause) {
      this.events?.onError(mediaBroken('the pictures could not be handed to the player', cause));
    }
  }
}

/** A part in one piece: boundary, head and picture. */
function partOf(picture: Uint8Array, boundary: string): ArrayBuffer {
  const head = encodeUtf8(
    `--${boundary}\r\nContent-Type: image/jpeg\r\nContent-Length: ${picture.length}\r\n\r\n`,
  );
  const part = new Uint8Array(head.length + picture.length + 2);
  part.set(head);
  part.set(picture, head.length);
  part.set([13, 10], head.length + picture.length);
  return part.buffer;
}
