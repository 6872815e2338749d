import type {
  XP2PLocalDownloadCallbacks,
  XP2PLocalDownloadOptions,
} from '../../../services/p2p/module';
import { SeededRandom } from '../../net/seeded-random';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

export interface ServedFile {
  readonly sizeBytes: number;
  /** The bytes from `offset` on, `length` at most. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer>;
}

/** A module whose camera serves files, piece by piece, as `startLocalDownload` is documented. */
export class FileModule extends FakeP2PModule {
  readonly files = new Map<string, ServedFile>();
  readonly requests: { readonly name: string; readonly offset: number }[] = [];
  pieceBytes = 16 * 1024;
  /** Absolute positions at which the link breaks, once each. */
  breaks: number[] = [];
  /** Firmware that ignores `offset`. */
  alwaysWhole = false;
  withLength = true;
  /** Refuses with this status in place of the file. */
  status = 200;
  /** Told of all bytes that were handed over. */
  onHanded: (bytes: number) => void = () => undefined;
  private stops = 0;

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const started = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return started;
  }

  override stopLocalDownload(id: string): void {
    this.calls.push(`stopLocalDownload ${id}`);
    this.stops++;
  }

  override stopP2PService(id: string): void {
    this.stops++;
    super.stopP2PService(id);
  }

  override async startLocalDownload(
    _id: string,
    { urlParams }: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number> {
    const query = new URLSearchParams(urlParams);
    const name = query.get('file_name') ?? '';
    const asked = Number(query.get('offset'));
    this.requests.push({ name, offset: asked });
    const file = this.files.get(name);
    const status = file === undefined ? 404 : this.status;
    const stopsBefore = this.stops;
    const offset = this.alwaysWhole ? 0 : asked;
    const length = (file?.sizeBytes ?? 0) - offset;
    callbacks.onHeadersReceived?.({
      status,
      headers: this.withLength ? { 'content-length': String(length) } : {},
    });
    if (file === undefined || status !== 200) {
      callbacks.onComplete?.();
      throw iotError('download-rejected', status >= 500);
    }
    for (let at = offset; at < file.sizeBytes;) {
      await Promise.resolve();
      if (this.stops !== stopsBefore) throw iotError('cancelled');
      const due = this.breaks.findIndex((position) => position <= at);
      if (due >= 0) {
        this.breaks.splice(due, 1);
        throw iotError('connection-lost');
      }
      const piece = file.read(at, Math.min(this.pieceBytes, file.sizeBytes - at));
      at += piece.length;
      this.onHanded(piece.length);
      await callbacks.onChunkReceived?.(piece.buffer);
    }
    callbacks.onComplete?.();
    return 0;
  }
}

/** A prime, so that a shift by any block or piece shows. */
const PERIOD = 1_000_003;

/** A file whose bytes follow from their position: nothing of it is kept but one period. */
export function generatedFile(sizeBytes: number, seed: number): ServedFile {
  const period = new SeededRandom(seed).bytes(PERIOD);
  return {
    sizeBytes,
    read(offset, length) {
      const out = new Uint8Array(length);
      for (let at = 0; at < length;) {
        const from = (offset + at) % PERIOD;
        const part = period.subarray(from, from + length - at);
        out.set(part, at);
        at += part.length;
      }
      return out;
    },
  };
}
