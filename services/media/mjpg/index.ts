export { boundaryOf, headerOf } from './boundary';
export { MjpgReader } from './mjpg-reader';
export type { MjpgReaderOptions, MjpgReadResult } from './mjpg-reader';
