export { createNodeHost } from './create-node-host';
export type { NodeHostOptions } from './create-node-host';
export type { NodeWebSocketOptions } from './node-web-socket';
