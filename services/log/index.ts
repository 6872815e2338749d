export { createFileLog, logFileNames } from './file-log';
export type { FileLog, FileLogOptions, LogFiles } from './file-log';
export type { Log, LogLevel, LogRecord } from './log';
