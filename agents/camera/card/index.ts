export { Card } from './card';
export { seedRecordings } from './seed-recordings';
export type { SeedOptions } from './seed-recordings';
export type {
  CardApi,
  CardLog,
  CardOptions,
  FileEntry,
  FileQuery,
  FileRequest,
  PlaybackRequest,
  PlaybackSession,
  RecordEntry,
  Recorder,
  RecorderFault,
  RecorderState,
  TimeRange,
} from './types';
