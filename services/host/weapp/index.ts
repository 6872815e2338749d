export { BaseLibrary, requireBaseLibrary } from './base-library';
export { createWeappHost } from './create-weapp-host';
export type { WeappApi } from './weapp-api';
