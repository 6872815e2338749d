import type { Files } from './files';

/** `0` video, `1` picture, as `file_type` of cameras; anything else is the camera's own. */
export type AlbumFileType = string;

/** Where a host's users find what the app hands out: the phone's album, the browser's downloads. */
export interface Album {
  /** Whether `save` can do anything with a file of this name. */
  canSave(name: string): boolean;
  /**
   * Hands a whole file of the host's `Files` to the user. Call it from a tap: permissions are asked for.
   * @throws IotError `album-denied`, `export-unsupported`, `storage-failed`.
   */
  save(name: string, type: AlbumFileType): Promise<void>;
}

/** A host's files, and the way from there to its user. */
export interface FileHost {
  readonly files: Files;
  /** Null where the host has no album, or does not let apps write to it. */
  readonly album: Album | null;
}
