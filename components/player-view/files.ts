import type { RecordingFile } from '@services/recorder';
import type { Snapshot } from './picture-control';

export type RecordingFormat = 'mp4' | 'flv';

/** The files of one recording until they are saved. */
export interface RecordingStore {
  /** What a file may have at most on this host, in bytes; absent where nothing limits it. */
  readonly maxFileBytes?: number;
  openFile(index: number): RecordingFile;
  /**
   * Saves them all, where users find them. May be tried again: what was saved is not saved twice.
   * @param nameOf the name of a file by its number, from 0 on
   * @throws IotError `save-failed`, `album-denied`, `cancelled`
   */
  save(nameOf: (index: number, extension: string) => string): Promise<void>;
  /** Gives up what was not saved. */
  discard(): void;
}

/** Where a host puts what a player hands out. */
export interface HostFiles {
  /** What snapshots are called. */
  readonly pictureExtension: string;
  /** @throws IotError `save-failed`, `album-denied`, `cancelled` */
  saveSnapshot(snapshot: Snapshot, name: string): Promise<void>;
  /** Null where the host cannot record. */
  readonly createRecording: ((format: RecordingFormat) => RecordingStore) | null;
  /**
   * Hands a text file to the user: as a download, or to a chat. Call it from a tap.
   * Null where the host has no way.
   * @throws IotError `save-failed`, `cancelled`
   */
  readonly exportText: ((text: string, name: string) => Promise<void>) | null;
  /** Opens the host's settings where a permission is given; null where there is no such page. */
  readonly openSettings: (() => void) | null;
}
