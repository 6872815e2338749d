import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import { storageFailed, storageFull } from '../host';
import type { FileHandle, Files } from '../host';
import { BLOCK_BYTES, BlockWriter } from './block-writer';
import { cutShort, fileDamaged } from './download-errors';
import type { DownloadItem } from './types';

export interface DownloadJobOptions {
  readonly sessions: DeviceSessions;
  readonly target: Files;
  readonly device: IotDevice;
  readonly item: DownloadItem;
  /** How much is kept from earlier tries. */
  onOpened(storedBytes: number): void;
  /** The whole file's size, once the camera tells. */
  onSized(sizeBytes: number): void;
  /** Bytes that arrived, those of earlier tries included; called with each piece. */
  onArrived(bytes: number): void;
  onStored(storedBytes: number): void;
}

/** One try to fetch one file, from what is kept to its end. */
export class DownloadJob {
  private lease: DeviceLease | null = null;
  private stopped = false;
  private failure: IotError | null = null;
  /** Bytes of the answer that are kept already: for cameras that do not know `offset`. */
  private skipBytes = 0;
  private sizeBytes: number | null;

  constructor(private readonly options: DownloadJobOptions) {
    this.sizeBytes = options.item.sizeBytes;
  }

  /** Resolves when the file is whole and checked; rejects with an `IotError`. What came is kept. */
  async run(): Promise<void> {
    const { target, item } = this.options;
    const file = await target.open(item.storedName).catch((cause: unknown) => {
      throw toIotError(cause, storageFailed('the file cannot be opened', true, cause));
    });
    try {
      await this.fetch(file);
      await this.check(file);
    } finally {
      this.release();
      await file.close().catch(() => undefined);
    }
  }

  /** `run` rejects soon after, with what came until now kept. */
  stop(): void {
    this.stopped = true;
    this.release();
  }

  private async fetch(file: FileHandle): Promise<void> {
    const { options } = this;
    if (this.sizeBytes !== null && file.sizeBytes > this.sizeBytes) await file.clear();
    options.onOpened(file.sizeBytes);
    options.onArrived(file.sizeBytes);
    if (file.sizeBytes === this.sizeBytes) return;
    await this.requireSpace(file);
    const lease = await this.connect();
    this.requireGoing();

    const offset = file.sizeBytes;
    const writer = new BlockWriter(file, (storedBytes) => options.onStored(storedBytes));
    let ended: IotError | null = null;
    try {
      await lease.download(this.urlParams(offset), {
        onHeadersReceived: ({ status, headers }) => {
          if (status >= 200 && status < 300) this.onHead(offset, headers['content-length']);
        },
        onChunkReceived: (chunk) => this.onChunk(writer, new Uint8Array(chunk)),
      });
    } catch (cause) {
      ended = toIotError(cause, cutShort('the transfer broke off'));
    }
    // Also of a transfer that broke off: the next try begins behind it.
    await writer.flush();
    if (this.failure !== null) {
      if (this.failure.reason === 'file-damaged') await file.clear();
      throw this.failure;
    }
    if (ended !== null) throw ended;
    this.requireGoing();
    if (this.sizeBytes !== null && file.sizeBytes < this.sizeBytes) {
      throw cutShort(`${file.sizeBytes} of ${this.sizeBytes} bytes came`);
    }
    if (this.sizeBytes === null) options.onSized(file.sizeBytes);
  }

  private urlParams(offset: number): string {
    const { channel, file } = this.options.item;
    return `channel=${channel}&file_name=${encodeURIComponent(file.name)}&offset=${offset}`;
  }

  private onHead(offset: number, contentLength: string | undefined): void {
    if (contentLength === undefined || !/^\d{1,15}$/.test(contentLength)) return;
    const length = Number(contentLength);
    const whole = this.sizeBytes;
    if (whole === null) {
      this.sizeBytes = offset + length;
      this.options.onSized(this.sizeBytes);
    } else if (length === whole) {
      // It sends the file from its begin, whatever it was asked for.
      this.skipBytes = offset;
    } else if (offset + length !== whole) {
      this.fail(fileDamaged(`the list says ${whole} bytes, the camera sends ${offset + length}`));
    }
  }

  private onChunk(writer: BlockWriter, chunk: Uint8Array): Promise<void> | undefined {
    if (this.failure !== null || this.stopped) return undefined;
    const piece = chunk.subarray(this.skipBytes);
    this.skipBytes = Math.max(0, this.skipBytes - chunk.length);
    if (this.sizeBytes !== null && writer.takenBytes + piece.length > this.sizeBytes) {
      this.fail(fileDamaged(`more than the ${this.sizeBytes} bytes of the list came`));
      return undefined;
    }
    try {
      const room = writer.push(piece);
      this.options.onArrived(writer.takenBytes);
      return room;
    } catch (cause) {
      this.fail(toIotError(cause, storageFailed('a block was not written', true, cause)));
      return undefined;
    }
  }

  private fail(error: IotError): void {
    this.failure = error;
    this.lease?.stopDownload();
  }

  private async requireSpace(file: FileHandle): Promise<void> {
    if (this.sizeBytes === null) return;
    const freeBytes = await this.options.target.freeBytes();
    const needBytes = this.sizeBytes - file.sizeBytes;
    if (freeBytes !== null && freeBytes < needBytes) throw storageFull(needBytes, freeBytes);
  }

  private async connect(): Promise<DeviceLease> {
    const { sessions, device, item } = this.options;
    await sessions.init(device);
    this.requireGoing();
    const lease = sessions.acquire(device, {
      onPath: () => undefined,
      onDisconnect: () => undefined,
    });
    this.lease = lease;
    await lease.connect(`action=live&channel=${item.channel}&quality=high`);
    return lease;
  }

  /** The digest of what is stored, where the camera has told one. */
  private async check(file: FileHandle): Promise<void> {
    const { sha256: wanted } = this.options.item.file;
    if (wanted === null) return;
    const digest = sha256.create();
    for (let at = 0; at < file.sizeBytes;) {
      const block = await file.read(at, Math.min(BLOCK_BYTES, file.sizeBytes - at));
      this.requireGoing();
      if (block.length === 0) throw storageFailed('the stored file is shorter than it was', true);
      digest.update(block);
      at += block.length;
    }
    if (bytesToHex(digest.digest()) === wanted) return;
    await file.clear();
    throw fileDamaged('the SHA-256 is not the one that the camera has told');
  }

  private requireGoing(): void {
    if (!this.stopped) return;
    throw new IotError({
      code: XP2PErrorCode.DownloadFailed,
      phase: 'download',
      reason: 'cancelled',
      message: 'the download was stopped',
      retryable: true,
    });
  }

  private release(): void {
    this.lease?.release();
    this.lease = null;
  }
}
