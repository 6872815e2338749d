import type { FileHandle } from 'node:fs/promises';
import type { ResponseWriter } from '../../../services/p2p/http';
import { messageOf } from './card-fs';
import { answerError, rejected } from './errors';
import type { CardLog } from './types';

/** A finished file. */
export interface CardFile {
  readonly fileName: string;
  readonly bytes: number;
  readonly mimeType: string;
  /** @throws the system's error. */
  readonly open: () => Promise<FileHandle>;
}

export interface FileDownloadOptions {
  readonly log: CardLog;
  readonly response: ResponseWriter;
  readonly file: CardFile;
  /** At most the file's size. */
  readonly offset: number;
  /** Called once, when it is over. */
  readonly onClose: () => void;
}

const BLOCK_BYTES = 64 * 1024;

/** Sends a finished file, as fast as it is taken. */
export class FileDownload {
  private isOpen = true;
  private onRoom: () => void = () => undefined;

  constructor(private readonly options: FileDownloadOptions) {
    const { response } = options;
    response.onDrain = () => this.onRoom();
    response.onClose = () => this.stop();
    void this.run();
  }

  /** Breaks it off: a file that is cut short must not look whole. */
  close(): void {
    if (!this.isOpen) return;
    this.stop();
    this.options.response.abort();
  }

  private async run(): Promise<void> {
    const { log, response, file, offset } = this.options;
    let handle: FileHandle | null = null;
    let hasHead = false;
    try {
      handle = await file.open();
      if (!this.isOpen) return;
      hasHead = true;
      response.writeHead(200, {
        'content-type': file.mimeType,
        'content-length': String(file.bytes - offset),
        'cache-control': 'no-store',
      });
      await this.send(handle);
      if (!this.isOpen) return;
      this.stop();
      response.end();
    } catch (error) {
      log.warn(`cannot send ${file.fileName}: ${messageOf(error)}`);
      if (!this.isOpen) return;
      this.stop();
      if (hasHead) response.abort();
      else answerError(response, rejected(404, `${file.fileName} cannot be read`));
    } finally {
      await handle?.close();
    }
  }

  private async send(handle: FileHandle): Promise<void> {
    const { response, file, offset } = this.options;
    const block = new Uint8Array(BLOCK_BYTES);
    for (let at = offset; at < file.bytes && this.isOpen;) {
      const wanted = Math.min(BLOCK_BYTES, file.bytes - at);
      const { bytesRead } = await handle.read(block, 0, wanted, at);
      if (bytesRead === 0) throw new Error('it is shorter than it was');
      at += bytesRead;
      if (!this.isOpen) return;
      const drained = new Promise<void>((resolve) => (this.onRoom = resolve));
      if (!response.write(block.subarray(0, bytesRead))) await drained;
    }
  }

  private stop(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.onRoom();
    this.options.onClose();
  }
}
