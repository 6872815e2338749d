/** A file that is being written. Offsets are bytes from its begin. */
export interface FileHandle {
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

/** Where a host keeps files, block by block. Names are plain: no folders, safe on every file system. */
export interface Files {
  /** Whether files outlive the app's process. */
  readonly durable: boolean;
  /** Opens a file, or makes an empty one. One handle per name at a time. */
  open(name: string): Promise<FileHandle>;
  /** Nothing happens where there is no such file. */
  remove(name: string): Promise<void>;
  /** The names of the files that are there. */
  list(): Promise<readonly string[]>;
  /** Bytes that may still be written; null where the host does not tell. */
  freeBytes(): Promise<number | null>;
}
