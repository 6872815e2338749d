import type { Clock } from '../../services/host';
import type { FlvHeader, FlvTag } from '../../services/media/flv';
import type { ResponseWriter } from '../../services/p2p/http';
import type { Quality } from './capabilities';
import { LiveHub } from './live-hub';
import type { MediaEvents } from './media-source';
import { PictureStream } from './pictures/picture-stream';
import { AdaptiveViewer } from './quality/adaptive-viewer';
import type { StreamLevel } from './quality/adaptive-viewer';
import { EncodedRendition } from './quality/encoded-rendition';
import type { EncoderPipeOptions } from './quality/encoder-pipe';
import { ladderOf, renditionKey } from './quality/ladder';
import type { Rendition, SourceFacts } from './quality/ladder';
import { SoundOnly } from './sound-only';
import type { StartPipe } from './start-process';

export interface ChannelOptions {
  readonly clock: Clock;
  readonly log: EncoderPipeOptions['log'];
  /** Whether ffmpeg is there. */
  readonly canEncode: boolean;
  /** Highest bit rate of a picture, kbit/s; null: no limit. */
  readonly maxKbps: number | null;
  readonly startPipe?: StartPipe;
}

/** What is assumed of a source that has just begun. */
const ASSUMED_BPS = 1_000_000;
const AUDIO_BPS = 64_000;
/** A source that is silent for so long has no picture to show. */
const ALIVE_MS = 5_000;

/** One picture with its sound, in all the forms in which it can be watched. */
export class Channel implements MediaEvents {
  private readonly hub: LiveHub;
  private readonly sound: LiveHub;
  private readonly pictures: PictureStream | null;
  private readonly renditions = new Map<string, EncodedRendition>();
  private readonly targets: MediaEvents[];

  constructor(private readonly options: ChannelOptions) {
    const { clock, canEncode, log, startPipe } = options;
    this.hub = new LiveHub({ clock });
    this.sound = new LiveHub({ clock });
    this.pictures = canEncode
      ? new PictureStream({ source: this.hub, clock, log, startPipe })
      : null;
    this.targets = [this.hub, new SoundOnly(this.sound)];
  }

  /** Hands the stream to somebody else too, e.g. a recorder. */
  addTarget(target: MediaEvents): void {
    this.targets.push(target);
  }

  onHeader(header: FlvHeader): void {
    for (const target of this.targets) target.onHeader(header);
  }

  onTag(tag: FlvTag): void {
    for (const target of this.targets) target.onTag(tag);
  }

  /** False when the source yields nothing: the camera is broken, or away. */
  get alive(): boolean {
    return this.hub.silentMs <= ALIVE_MS;
  }

  /** False once it is known that there is none. */
  get mayHaveSound(): boolean {
    return this.hub.contents?.hasAudio !== false;
  }

  get hasPictures(): boolean {
    return this.pictures !== null;
  }

  /** Encoders that run for the qualities. */
  get activeEncoders(): number {
    return [...this.renditions.values()].filter(({ active }) => active).length;
  }

  watch(quality: Quality, response: ResponseWriter, onLeft: () => void): void {
    const { clock, log } = this.options;
    const [first, ...lower] = ladderOf(quality, this.facts()).map((one) => this.level(one));
    new AdaptiveViewer({ levels: [first!, ...lower], response, clock, onLeft, log });
  }

  listen(response: ResponseWriter, onLeft: () => void): void {
    this.sound.addViewer(response, { onLeft });
  }

  /** To be called only where `hasPictures`. */
  watchPictures(response: ResponseWriter, onLeft: () => void): void {
    this.pictures?.addViewer(response, onLeft);
  }

  async close(): Promise<void> {
    this.hub.close();
    this.sound.close();
    const closing = [...this.renditions.values()].map((rendition) => rendition.close());
    await Promise.all([...closing, this.pictures?.close()]);
  }

  private facts(): SourceFacts {
    const { canEncode, maxKbps } = this.options;
    return { width: this.hub.width, bps: this.hub.bps, canEncode, maxKbps };
  }

  private level(rendition: Rendition): StreamLevel {
    if (rendition.kind === 'source') {
      const bps = (): number => this.hub.bps ?? ASSUMED_BPS;
      return { hub: this.hub, bps, use: () => () => undefined };
    }
    const encoded = this.encoded(rendition);
    const nominalBps = rendition.kbps * 1_000 + AUDIO_BPS;
    return { hub: encoded.hub, bps: () => nominalBps, use: () => encoded.use() };
  }

  private encoded(limits: Extract<Rendition, { kind: 'encoded' }>): EncodedRendition {
    const key = renditionKey(limits);
    const known = this.renditions.get(key);
    if (known) return known;
    const { clock, log, startPipe } = this.options;
    const rendition = new EncodedRendition({ source: this.hub, limits, clock, log, startPipe });
    this.renditions.set(key, rendition);
    return rendition;
  }
}
