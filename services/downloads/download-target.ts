/** A file that is being written. Offsets are bytes from its begin. */
export interface DownloadFileHandle {
  /** Bytes that are kept; whatever was written in part does not count. */
  readonly sizeBytes: number;
  /**
   * Appends a block: `offset` is `sizeBytes`. Kept for good once it resolves.
   * @throws IotError `storage-full`, `storage-failed`.
   */
  write(offset: number, block: Uint8Array<ArrayBuffer>): Promise<void>;
  /** Up to `length` bytes; fewer at the end of the file. */
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Empties the file. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Where a host keeps downloads. Names are those of `safeFileName`. */
export interface DownloadTarget {
  /** Whether files outlive the app's process. */
  readonly durable: boolean;
  /** Opens a file, or makes an empty one. One handle per name at a time. */
  open(name: string): Promise<DownloadFileHandle>;
  /** Nothing happens where there is no such file. */
  remove(name: string): Promise<void>;
  /** The names of the files that are there. */
  list(): Promise<readonly string[]>;
  /** Bytes that may still be written; null where the host does not tell. */
  freeBytes(): Promise<number | null>;
}
