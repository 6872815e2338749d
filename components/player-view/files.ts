import type { RecordingFile } from '@services/recorder';
import type { Snapshot } from './picture-control';

export type RecordingFormat = 'mp4' | 'flv';

/** The files of one recording until they are saved. */
export interface RecordingStore {
  openFile(index: number): RecordingFile;
  /**
   * Saves them all, where users find them.
   * @param nameOf the name of a file by its number, from 0 on
   * @throws IotError `save-failed`, `album-denied`
   */
  save(nameOf: (index: number, extension: string) => string): Promise<void>;
}

/** Where a host puts what a player hands out. */
export interface HostFiles {
  /** What snapshots are called. */
  readonly pictureExtension: string;
  /** @throws IotError `save-failed`, `album-denied`, `cancelled` */
  saveSnapshot(snapshot: Snapshot, name: string): Promise<void>;
  /** Null where the host cannot record. */
  readonly createRecording: ((format: RecordingFormat) => RecordingStore) | null;
  /** Opens the host's settings where a permission is given; null where there is no such page. */
  readonly openSettings: (() => void) | null;
}
