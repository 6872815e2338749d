import type { component } from 'glass-easel-miniprogram-adapter';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeFlvHeader, encodeFlvTag, FlvReader } from '../../services/media/flv';

type Tag = component.GeneralComponent;

/** Properties of `<p2p-pusher>`: those of live-pusher, and its own. */
export const PUSHER_PROPERTIES = {
  mode: String,
  enableCamera: Boolean,
  enableMic: Boolean,
  enableAgc: Boolean,
  enableAns: Boolean,
  audioQuality: String,
  audioVolumeType: String,
  aspect: String,
  orientation: String,
  minBitrate: Number,
  maxBitrate: Number,
  fps: Number,
  videoWidth: Number,
  videoHeight: Number,
  localMirror: String,
  remoteMirror: Boolean,
  devicePosition: String,
  beauty: Number,
  whiteness: Number,
  voiceChangerType: Number,
  acceptLivePusherEvents: Object,
  ignoreEmptyAudioTag: Boolean,
} as const;

export const PUSHER_EVENTS = [
  'pusherReady',
  'pusherStartPush',
  'pusherFlvHeader',
  'pusherFlvAudioTag',
  'pusherFlvVideoTag',
  'pusherFlvDataTag',
  'pusherClose',
  'pusherError',
  'error',
  'statechange',
  'netstatus',
] as const;

/** AAC-LC, 16 kHz, mono: 1024 samples last 64 ms. */
const FRAME_MS = 64;
const AAC = 0xaf;
const SEQUENCE_HEADER = Uint8Array.of(AAC, 0, 0x14, 0x08);
/** One frame of silence. */
const FRAME = Uint8Array.of(AAC, 1, 0x00, 0xc8, 0x00, 0x80, 0x23, 0x80);
/** Each n-th tag of a real pusher holds nothing. */
const EMPTY_EVERY = 8;

/** What the phone's camera sees: the pictures of the sample clip. */
let pictures: readonly Uint8Array[] | null = null;

function picturesOfClip(): readonly Uint8Array[] {
  const clip = readFileSync(path.resolve(__dirname, '../../agents/camera/assets/sample.flv'));
  const { tags } = new FlvReader().push(clip);
  return tags.filter(({ type }) => type === 'video').map(({ data }) => data);
}

/** One `<p2p-pusher>` on a page: a native pusher with a quiet microphone, and its local RTMP server. */
export class EmulatedPusher {
  /** Native starts and stops. */
  starts = 0;
  stops = 0;
  previews = 0;
  /** How often the other camera was asked for. */
  switches = 0;
  micVolume = 1;
  private picture = 0;
  /** Tags of sound that were due, the empty ones too. */
  frames = 0;
  private clockMs = 0;
  private timer: NodeJS.Timeout | null = null;
  private gone = false;

  constructor(
    private readonly tag: Tag,
    private readonly toBuffer: (bytes: Uint8Array) => ArrayBuffer,
    /** Null: never ready. */
    readyAfterMs: number | null,
  ) {
    if (readyAfterMs !== null) setTimeout(() => this.ready(), readyAfterMs);
  }

  get isPushing(): boolean {
    return this.timer !== null;
  }

  get isGone(): boolean {
    return this.gone;
  }

  /** What the app has set. */
  get properties(): Readonly<Record<string, unknown>> {
    return this.tag.data;
  }

  ready(): void {
    this.fire('pusherReady', {
      livePusherContext: {
        start: () => this.start(),
        stop: () => this.stop(),
        startPreview: () => void this.previews++,
        switchCamera: () => void this.switches++,
        setMICVolume: ({ volume }: { volume: number }) => void (this.micVolume = volume),
      },
      pusherExport: {},
      pusherInnerId: 1,
    });
  }

  fire(name: (typeof PUSHER_EVENTS)[number], detail: unknown): void {
    if (!this.gone) this.tag.triggerEvent(name, detail, {});
  }

  /** Fires a tag of the stream, whatever its type. */
  fireTag(
    name: 'pusherFlvAudioTag' | 'pusherFlvVideoTag' | 'pusherFlvDataTag',
    data: Uint8Array,
    params: object = {},
  ): void {
    const type = {
      pusherFlvAudioTag: 'audio',
      pusherFlvVideoTag: 'video',
      pusherFlvDataTag: 'script',
    };
    const bytes = encodeFlvTag({ type: type[name] as 'audio', timestampMs: 0, data });
    this.fire(name, { data: this.toBuffer(bytes), clock: this.clockMs, params });
  }

  leave(): void {
    this.stopTimer();
    this.gone = true;
  }

  private start(): void {
    this.starts++;
    setImmediate(() => {
      if (this.gone || this.timer !== null || this.starts === this.stops) return;
      this.fire('pusherStartPush', {});
      // The header of a real pusher names no track.
      const header = encodeFlvHeader({ hasAudio: false, hasVideo: false });
      this.fire('pusherFlvHeader', { data: this.toBuffer(header), clock: 0, params: {} });
      this.fireTag('pusherFlvAudioTag', SEQUENCE_HEADER, { aacPacketType: 0 });
      for (const code of [1001, 1002]) this.fire('statechange', { code, message: '' });
      this.timer = setInterval(() => this.push(), FRAME_MS);
    });
  }

  private push(): void {
    this.clockMs += FRAME_MS;
    if (this.tag.data['enableCamera'] === true) this.pushPicture();
    const isEmpty = ++this.frames % EMPTY_EVERY === 0;
    if (isEmpty && this.tag.data['ignoreEmptyAudioTag'] === true) return;
    if (this.tag.data['enableMic'] !== true) return;
    const data = isEmpty ? new Uint8Array(0) : FRAME;
    this.fireTag('pusherFlvAudioTag', data, { aacPacketType: 1 });
  }

  private pushPicture(): void {
    pictures ??= picturesOfClip();
    const data = pictures[this.picture++ % pictures.length]!;
    this.fireTag('pusherFlvVideoTag', data);
  }

  private stop(): void {
    this.stops++;
    const wasPushing = this.timer !== null;
    this.stopTimer();
    if (wasPushing) this.fire('pusherClose', { error: { code: 'USER_CLOSE' } });
  }

  private stopTimer(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
  }
}
