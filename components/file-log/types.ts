import type { FileLog, LogFiles } from '@services/log';

/** Where a host keeps the log, and a way to look at it. */
export interface HostLogFiles extends LogFiles {
  read(name: string): Promise<string>;
}

export interface HostFileLog extends FileLog {
  /** All that is kept, oldest first: one JSON line per record. */
  read(): Promise<string>;
}
