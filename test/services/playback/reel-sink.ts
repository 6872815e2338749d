import { FlvReader } from '../../../services/media/flv';
import type { PlaybackSink, PlaybackSinkEvents } from '../../../services/playback';
import { isFrame } from '../../agents/camera/card/card-rig';

/** A surface that knows which picture it shows: each tells the tenth of a second it was recorded at. */
export class ReelSink implements PlaybackSink {
  canHold = true;
  events: PlaybackSinkEvents | null = null;
  frozen = false;
  muted = false;
  private reader = new FlvReader();
  private pictures: { readonly streamMs: number; readonly tenths: number }[] = [];
  private held = false;
  private awaitsKeyframe = false;
  private shownMs = 0;
  private pulling = false;
  private shownAny = false;

  open(events: PlaybackSinkEvents): void {
    this.events = events;
    events.onReady();
  }

  play(): void {
    this.reader = new FlvReader();
    this.pictures = [];
    this.held = this.frozen = this.awaitsKeyframe = this.shownAny = false;
    this.shownMs = 0;
    this.pulling = true;
    this.events!.onStartPull();
  }

  write(chunk: ArrayBuffer): void {
    if (!this.pulling) return;
    for (const tag of this.reader.push(new Uint8Array(chunk)).tags) {
      if (tag.type !== 'video' || !isFrame(tag) || this.held) continue;
      if (this.awaitsKeyframe) {
        if (tag.data[0]! >> 4 !== 1) continue;
        this.awaitsKeyframe = false;
        this.shownMs = tag.timestampMs;
      }
      const tenths = new DataView(tag.data.buffer, tag.data.byteOffset).getUint32(5);
      this.pictures.push({ streamMs: tag.timestampMs, tenths });
    }
  }

  end(): void {}

  stop(): void {
    this.pulling = false;
  }

  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.awaitsKeyframe = true;
  }

  freeze(): void {
    this.frozen = true;
  }

  unfreeze(): void {
    this.frozen = false;
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
  }

  close(): void {
    this.events = null;
  }

  /** Shows what time brings. */
  pass(ms: number): void {
    if (!this.pulling || this.pictures.length === 0) return;
    if (!this.shownAny) {
      this.shownAny = true;
      this.events!.onFirstFrame();
    }
    if (!this.frozen) this.shownMs = Math.min(this.shownMs + ms, this.newestMs);
    this.events?.onTime(this.shownMs, this.newestMs);
  }

  private get newestMs(): number {
    return this.pictures[this.pictures.length - 1]?.streamMs ?? 0;
  }

  /** When what is shown was recorded, in ms. */
  get recordedMs(): number | null {
    const shown = this.pictures.filter(({ streamMs }) => streamMs <= this.shownMs);
    return shown.length === 0 ? null : shown[shown.length - 1]!.tenths * 100;
  }
}
