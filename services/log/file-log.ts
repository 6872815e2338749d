import type { Log, LogRecord } from './log';

/** Text files of the host, by name, in a folder that is the log's own. */
export interface LogFiles {
  /** The names of the files that are there. */
  list(): Promise<readonly string[]>;
  /** Adds to the end of a file, which it makes where there is none. */
  append(name: string, text: string): Promise<void>;
  /** Removes a file; one that is not there is no error. */
  remove(name: string): Promise<void>;
}

export interface FileLogOptions {
  readonly files: LogFiles;
  /** Wall clock, unix ms. */
  readonly wallMs: () => number;
  /** Length of a file in characters, beyond which the next one begins (default 512 Ki). */
  readonly maxLength?: number;
  /** How many files are kept, the one that is written included (default 3). */
  readonly keep?: number;
}

export interface FileLog {
  /** For `onLog`, or any `log` of the kit. */
  readonly log: Log;
  /** Settles when everything so far is written, or could not be. */
  flush(): Promise<void>;
}

/** Lines that wait for a slow host; what comes beyond them is counted and left out. */
const MAX_WAITING = 2_000;
const MAX_LINE_LENGTH = 4_096;

/**
 * Writes the log into files, one JSON line per record, for development builds: leave `onLog` out and
 * nothing of it is made. Files are `log-<n>.jsonl`; the oldest goes when there are too many, also
 * those of earlier runs.
 */
export function createFileLog(options: FileLogOptions): FileLog {
  const { files, wallMs, maxLength = 512 * 1024, keep = 3 } = options;
  /** Oldest first; null before the first write. */
  let names: string[] | null = null;
  let length = 0;
  let waiting: string[] = [];
  let dropped = 0;
  let writing: Promise<void> | null = null;

  /** The file to write into: a new one at first, and whenever it is full. */
  const current = async (): Promise<string> => {
    if (names !== null && length < maxLength) return names[names.length - 1]!;
    names ??= [...logFileNames(await files.list())];
    const latest = names.length === 0 ? 0 : numberOf(names[names.length - 1]!);
    names.push(`log-${latest + 1}.jsonl`);
    length = 0;
    while (names.length > Math.max(1, keep)) await files.remove(names.shift()!);
    return names[names.length - 1]!;
  };

  const write = async (): Promise<void> => {
    while (waiting.length > 0 || dropped > 0) {
      if (dropped > 0) waiting.push(lineOf(droppedRecord(dropped), wallMs()));
      dropped = 0;
      const text = waiting.join('');
      waiting = [];
      try {
        await files.append(await current(), text);
        length += text.length;
      } catch {
        // A log that cannot be written must not hurt what it is about.
      }
    }
  };

  const begin = (): Promise<void> => {
    writing ??= write().finally(() => {
      writing = null;
    });
    return writing;
  };

  return {
    log: (record) => {
      if (waiting.length >= MAX_WAITING) dropped++;
      else waiting.push(lineOf(record, wallMs()));
      void begin();
    },
    flush: async () => {
      while (writing !== null) await writing;
    },
  };
}

/** Those of a folder's names that are files of a log, oldest first. */
export function logFileNames(names: readonly string[]): readonly string[] {
  return names.filter((name) => FILE_NAME.test(name)).sort(byNumber);
}

function lineOf({ level, scope, message, data }: LogRecord, atMs: number): string {
  const head = { atMs, level, scope, message };
  try {
    const line = JSON.stringify({ ...head, data }, plain());
    if (line.length <= MAX_LINE_LENGTH) return `${line}\n`;
    return `${JSON.stringify({ ...head, cut: line.length })}\n`;
  } catch (error) {
    // A getter of somebody's object has thrown.
    return `${JSON.stringify({ ...head, unreadable: String(error) })}\n`;
  }
}

const FILE_NAME = /^log-(\d{1,9})\.jsonl$/;

function numberOf(name: string): number {
  return Number(FILE_NAME.exec(name)?.[1] ?? 0);
}

function byNumber(a: string, b: string): number {
  return numberOf(a) - numberOf(b);
}

function droppedRecord(count: number): LogRecord {
  return { level: 'warn', scope: 'log', message: 'records left out', data: { count } };
}

/** Errors by their words, bytes by their number, and nothing twice: cycles end. */
function plain(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (typeof value === 'bigint' || typeof value === 'function') return String(value);
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return `${value.byteLength} B`;
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return '…';
    seen.add(value);
    return value;
  };
}
