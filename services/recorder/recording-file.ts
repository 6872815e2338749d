/** Where one file of a recording goes: memory, or a host's file system. */
export interface RecordingFile {
  /** Appends bytes, which are the callee's. A failure may wait until `finish`. */
  write(bytes: Uint8Array): void;
  /**
   * The file is whole.
   * @param head takes the place of as many bytes at the file's start: by now its length is known
   * @returns rejects with an `IotError` where the bytes could not be kept
   */
  finish(head: Uint8Array): Promise<void>;
}
