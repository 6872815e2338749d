export type { Log, LogLevel, LogRecord } from './log';
