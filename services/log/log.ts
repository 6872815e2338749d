export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** One line of the log, as data: whoever receives it decides on text, place and level. */
export interface LogRecord {
  readonly level: LogLevel;
  /** The folder that speaks, e.g. `player`. */
  readonly scope: string;
  /** English, without the values that `data` carries. */
  readonly message: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Takes log records. Holders keep it as `Log | undefined` and call `log?.({ … })`, so that nothing,
 * not even the record, is made where nobody listens.
 */
export type Log = (record: LogRecord) => void;
