export { PtzController } from './ptz-controller';
export type { PtzControllerOptions } from './ptz-controller';
export type { PtzDialect } from './ptz-dialect';
export { PtzStore } from './ptz-store';
export { PTZ_DIRECTIONS, REFERENCE_PTZ } from './ptz-state';
export type { PtzDirection, PtzDrive, PtzPreset, PtzProblem, PtzState } from './ptz-state';
export { dragDirection } from './drag-direction';
export type { Drag } from './drag-direction';
