export { createHostFileLog } from './create-host-file-log';
export type { HostFileLog, HostLogFiles } from './types';
