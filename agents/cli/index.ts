export { closeOnExit } from './close-on-exit';
export { exitWithParent } from './exit-with-parent';
export { fail } from './fail';
export { LOG_LEVELS } from './log-levels';
export type { LogLevel } from './log-levels';
export { parsePort } from './options';
export { createOutput } from './output';
export type { Output, ProgramEvent } from './output';
export { parseCount } from './parse-count';
