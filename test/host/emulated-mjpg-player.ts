import type { component } from 'glass-easel-miniprogram-adapter';

type Tag = component.GeneralComponent;

export const MJPG_PROPERTIES = { autoplay: Boolean } as const;

export const MJPG_EVENTS = [
  'playerReady',
  'playerStartPull',
  'playerClose',
  'playerError',
  'load',
  'error',
] as const;

/** A part's head is shorter than this, and begins where a chunk begins. */
const MAX_HEAD_BYTES = 200;

/** One `<p2p-mjpg-player>` on a page: takes parts as the real one does, and counts whole JPEGs. */
export class EmulatedMjpgPlayer {
  readonly problems: string[] = [];
  pictures = 0;
  pulls = 0;
  headers: Readonly<Record<string, string>> | null = null;
  private pulling = false;
  private gone = false;
  /** Bytes of the present picture that have come, and that are to come. */
  private body = Buffer.alloc(0);
  private wanted = 0;

  constructor(
    private readonly tag: Tag,
    private readonly toBuffer: (bytes: Uint8Array) => ArrayBuffer,
    private readonly onPicture: (jpeg: Uint8Array) => void = () => undefined,
  ) {
    setImmediate(() => this.ready());
  }

  get isPulling(): boolean {
    return this.pulling;
  }

  ready(): void {
    this.fire('playerReady', {
      mjpgPlayerContext: {
        play: () => setImmediate(() => this.pull()),
        stop: () => setImmediate(() => this.close('USER_CLOSE')),
        snapshot: ({ success }: { success: (result: { data: ArrayBuffer }) => void }) =>
          success({ data: this.toBuffer(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)) }),
      },
      playerExport: {
        setHeaders: (headers: Readonly<Record<string, string>>) => {
          this.headers = headers;
        },
        addChunk: (chunk: ArrayBuffer) => this.addChunk(Buffer.from(new Uint8Array(chunk))),
        finishMedia: () => this.close('MEDIA_FINISH'),
        abortMedia: () => this.close('TRANSMISSION_ERROR'),
      },
    });
    this.onAutoplay(this.tag.data['autoplay'] === true);
  }

  onAutoplay(autoplay: boolean): void {
    if (autoplay) setImmediate(() => this.pull());
  }

  pull(): void {
    if (this.gone || this.pulling) return;
    this.pulling = true;
    this.headers = null;
    this.wanted = 0;
    this.pulls++;
    this.fire('playerStartPull', {});
  }

  close(code: string): void {
    if (!this.pulling) return;
    this.pulling = false;
    this.fire('playerClose', { error: { code } });
  }

  fire(name: (typeof MJPG_EVENTS)[number], detail: unknown): void {
    if (!this.gone) this.tag.triggerEvent(name, detail, {});
  }

  leave(): void {
    this.pulling = false;
    this.gone = true;
  }

  private get contentType(): string {
    const all = Object.entries(this.headers ?? {});
    return all.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  }

  private addChunk(chunk: Buffer): void {
    if (!this.pulling) {
      this.problems.push('bytes without a request');
      return;
    }
    const boundary = /boundary=(\S+)/.exec(this.contentType)?.[1];
    if (boundary === undefined) {
      this.problems.push('bytes without headers that name the boundary');
      return;
    }
    let rest = chunk;
    if (this.wanted === 0) {
      const end = chunk.indexOf('\r\n\r\n');
      const head = chunk.subarray(0, end).toString('latin1');
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? NaN);
      if (!head.startsWith(`--${boundary}\r\n`) || end > MAX_HEAD_BYTES || !(length > 0)) {
        this.problems.push(`no head at the beginning of a chunk: ${head.slice(0, 40)}`);
        return;
      }
      this.body = Buffer.alloc(0);
      this.wanted = length;
      rest = chunk.subarray(end + 4);
    }
    this.body = Buffer.concat([this.body, rest]);
    if (this.body.length < this.wanted) return;
    const picture = this.body.subarray(0, this.wanted);
    this.wanted = 0;
    const size = sizeOfJpeg(picture);
    if (size === null) this.problems.push('no JPEG');
    else {
      this.pictures++;
      this.onPicture(picture);
      this.fire('load', size);
    }
  }
}

/** Reads a JPEG's frame header (ITU-T T.81 §B.2.2); null for what is none, or not whole. */
function sizeOfJpeg(bytes: Buffer): { readonly width: number; readonly height: number } | null {
  if (bytes.readUInt16BE(0) !== 0xffd8 || bytes.readUInt16BE(bytes.length - 2) !== 0xffd9)
    return null;
  for (let at = 2; at + 9 < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1]!;
    if (marker >= 0xc0 && marker <= 0xc2) {
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
    }
  }
  return null;
}
