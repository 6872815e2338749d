export { Card } from './card';
export { seedRecordings } from './seed-recordings';
export type { SeedOptions } from './seed-recordings';
export type {
  CardApi,
  CardLog,
  CardOptions,
  EventEntry,
  FileEntry,
  FileQuery,
  FileRequest,
  PlaybackRequest,
  PlaybackSession,
  RecordEntry,
  Recorder,
  RecorderFault,
  RecorderState,
  Thumbnail,
  TimeRange,
} from './types';
