import type { RecordingFile } from '@services/recorder';
import type { RecordingStore } from './files';
import { albumError, saveFailed } from './view-errors';

interface Failure {
  readonly errMsg?: string;
}

interface Settle<Result> {
  readonly success: (result: Result) => void;
  readonly fail: (error: Failure) => void;
}

/** What is used of `FileSystemManager`. */
export interface RecordingFileSystem {
  mkdir(options: { dirPath: string; recursive: boolean } & Settle<unknown>): void;
  readdir(options: { dirPath: string } & Settle<{ files: readonly string[] }>): void;
  unlink(options: { filePath: string } & Settle<unknown>): void;
  open(options: { filePath: string; flag: 'w' } & Settle<{ fd: string }>): void;
  write(
    options: {
      fd: string;
      data: ArrayBuffer;
      position: number;
    } & Settle<{ bytesWritten: number }>,
  ): void;
  close(options: { fd: string } & Settle<unknown>): void;
}

interface MediaTrack {
  readonly kind: string;
}

interface MediaContainer {
  extractDataSource(
    options: { source: string } & Settle<{ readonly tracks: readonly MediaTrack[] }>,
  ): void;
  addTrack(track: MediaTrack): void;
  export(options: Settle<{ readonly tempFilePath: string }>): void;
  destroy(): void;
}

/** What is used of `wx`. */
export interface WeappMedia {
  readonly env: { readonly USER_DATA_PATH: string };
  getFileSystemManager(): RecordingFileSystem;
  saveVideoToPhotosAlbum(options: { filePath: string } & Settle<unknown>): void;
  createMediaContainer?(): MediaContainer;
}

/** WeChat takes no larger file; all files of a mini-program together have twice that. */
const MAX_FILE_BYTES = 90 * 1024 * 1024;
/** Each call crosses to the native side: small writes wait for each other. */
const WRITE_BYTES = 256 * 1024;
/** A disk that is so much behind will not catch up. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** Files of recordings that go on, of all players. */
const inUse = new Set<string>();
let count = 0;

/**
 * A recording in WeChat: FLV files on the phone until they are saved, then videos in its album. The
 * album of an iPhone takes no FLV, so WeChat's own MediaContainer makes an MP4 of it where there is one.
 */
export class WeappRecording implements RecordingStore {
  readonly maxFileBytes = MAX_FILE_BYTES;
  private readonly fs: RecordingFileSystem;
  private readonly folder: string;
  private readonly name = `${Date.now()}-${++count}`;
  private readonly ready: Promise<void>;
  private files: { readonly path: string; saved: boolean }[] = [];

  constructor(
    private readonly api: WeappMedia,
    /** @throws IotError `album-denied` */
    private readonly allowAlbum: () => Promise<void>,
  ) {
    this.fs = api.getFileSystemManager();
    this.folder = `${api.env.USER_DATA_PATH}/xp2p/records`;
    this.ready = this.prepare();
    this.ready.catch(() => undefined);
  }

  openFile(index: number): RecordingFile {
    const path = `${this.folder}/${this.name}-${index}.flv`;
    inUse.add(path);
    this.files.push({ path, saved: false });
    return new WeappRecordingFile(this.fs, path, this.ready);
  }

  async save(): Promise<void> {
    await this.allowAlbum();
    for (const file of this.files) {
      if (file.saved) continue;
      await this.saveVideo(file.path);
      file.saved = true;
    }
  }

  discard(): void {
    for (const { path } of this.files) this.remove(path);
    this.files = [];
  }

  private async saveVideo(path: string): Promise<void> {
    const mp4 = await this.toMp4(path).catch(() => null);
    const filePath = mp4 ?? path;
    try {
      await call<unknown>((settle) => this.api.saveVideoToPhotosAlbum({ filePath, ...settle }));
    } catch (cause) {
      throw albumError(cause);
    } finally {
      if (mp4 !== null) this.remove(mp4);
    }
  }

  /** Puts pictures and sound into an MP4 file as they are. Null where WeChat is too old for that. */
  private async toMp4(source: string): Promise<string | null> {
    const container = this.api.createMediaContainer?.();
    if (container === undefined) return null;
    try {
      const { tracks } = await call<{ readonly tracks: readonly MediaTrack[] }>((settle) =>
        container.extractDataSource({ source, ...settle }),
      );
      for (const track of tracks) container.addTrack(track);
      const { tempFilePath } = await call<{ readonly tempFilePath: string }>((settle) =>
        container.export(settle),
      );
      return tempFilePath;
    } finally {
      container.destroy();
    }
  }

  /** Makes the folder, and removes what a recording has left that the app's end cut short. */
  private async prepare(): Promise<void> {
    const { fs, folder: dirPath } = this;
    // It fails where the folder is there.
    await call((settle) => fs.mkdir({ dirPath, recursive: true, ...settle })).catch(() => null);
    const { files } = await call<{ files: readonly string[] }>((settle) =>
      fs.readdir({ dirPath, ...settle }),
    );
    for (const name of files) {
      const path = `${dirPath}/${name}`;
      if (!inUse.has(path)) this.remove(path);
    }
  }

  private remove(filePath: string): void {
    inUse.delete(filePath);
    const settle = { success: ignore, fail: ignore };
    this.fs.unlink({ filePath, ...settle });
  }
}

/** Writes in order, in the background; what goes wrong is told at the end. */
class WeappRecordingFile implements RecordingFile {
  private waiting: Uint8Array[] = [];
  private waitingBytes = 0;
  private position = 0;
  private error: unknown = null;
  private work: Promise<void>;
  private fd = '';

  constructor(
    private readonly fs: RecordingFileSystem,
    path: string,
    ready: Promise<void>,
  ) {
    this.work = this.after(async () => {
      await ready;
      const { fd } = await call<{ fd: string }>((settle) =>
        fs.open({ filePath: path, flag: 'w', ...settle }),
      );
      this.fd = fd;
    }, Promise.resolve());
  }

  write(bytes: Uint8Array): void {
    if (this.error !== null) return;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    if (this.waitingBytes > MAX_WAITING_BYTES) {
      this.error = saveFailed('the phone writes too slowly');
      this.waiting = [];
    } else if (this.waitingBytes >= WRITE_BYTES) this.work = this.after(() => this.flush());
  }

  async finish(head: Uint8Array): Promise<void> {
    this.work = this.after(async () => {
      await this.flush();
      await this.put(head, 0);
    });
    await this.work;
    const { fd } = this;
    if (fd !== '') {
      await call((settle) => this.fs.close({ fd, ...settle })).catch((cause: unknown) => {
        this.error ??= cause;
      });
    }
    if (this.error !== null) {
      const { errMsg, message } = this.error as Failure & Partial<Error>;
      throw saveFailed(errMsg ?? message ?? 'no reason given', this.error);
    }
  }

  /** After the first failure nothing is written any more. */
  private after(step: () => Promise<void>, work = this.work): Promise<void> {
    return work
      .then(async () => {
        if (this.error === null) await step();
      })
      .catch((cause: unknown) => {
        this.error ??= cause;
        this.waiting = [];
      });
  }

  private async flush(): Promise<void> {
    const pieces = this.waiting;
    const length = this.waitingBytes;
    this.waiting = [];
    this.waitingBytes = 0;
    if (length === 0) return;
    const block = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      block.set(piece, at);
      at += piece.length;
    }
    await this.put(block, this.position);
    this.position += length;
  }

  private async put(block: Uint8Array, position: number): Promise<void> {
    const data = block.slice().buffer;
    const { bytesWritten } = await call<{ bytesWritten: number }>((settle) =>
      this.fs.write({ fd: this.fd, data, position, ...settle }),
    );
    if (bytesWritten !== block.length) throw saveFailed(`${bytesWritten} bytes were written`);
  }
}

function call<Result>(run: (settle: Settle<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => run({ success: resolve, fail: reject }));
}

const ignore = (): void => undefined;
