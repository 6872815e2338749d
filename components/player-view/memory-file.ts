import type { RecordingFile } from '@services/recorder';

/** A file of a recording in memory. */
export class MemoryFile implements RecordingFile {
  readonly pieces: Uint8Array<ArrayBuffer>[] = [];

  write(bytes: Uint8Array<ArrayBuffer>): void {
    this.pieces.push(bytes);
  }

  finish(head: Uint8Array<ArrayBuffer>): Promise<void> {
    // The first piece is the head as it was at the start.
    this.pieces[0] = head;
    return Promise.resolve();
  }
}
