export { createWeappHost } from './create-weapp-host';
export type { WeappApi } from './weapp-api';
