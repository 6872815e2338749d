export { StreamTap } from './stream-tap';
export type { StreamTapListener } from './stream-tap';
export { StreamRecorder } from './stream-recorder';
export type { RecorderEnd, RecorderOptions, RecorderProgress } from './stream-recorder';
export type { RecordingFile } from './recording-file';
export { diagnosticsName, recordingName, snapshotName } from './file-name';
