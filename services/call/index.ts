export { CallController } from './call-controller';
export type { CallControllerOptions } from './call-controller';
export { CallStore } from './call-store';
export type { CallEnd, CallPhase, CallState } from './call-state';
