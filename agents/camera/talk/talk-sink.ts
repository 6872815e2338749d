/** Where a talk goes. Nothing here throws on bad input: `write` says what is wrong with it. */
export interface TalkSink {
  /** @returns null, or why the bytes make no sense. */
  write(bytes: Uint8Array): string | null;
  /** Ms of sound that were taken. */
  readonly durationMs: number;
  close(): void;
}

/** A file that grows; a disk that is full ends the file, not the talk. */
export interface TalkFile {
  /** The file's name within the folder. */
  readonly name: string;
  append(bytes: Uint8Array): void;
  /** Replaces bytes that were written. */
  patch(bytes: Uint8Array, at: number): void;
  close(): void;
}
