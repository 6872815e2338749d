export { createWeappHost } from './create-weapp-host';
export type { WeappApi } from './weapp-api';
export { createWeappClock } from './weapp-clock';
