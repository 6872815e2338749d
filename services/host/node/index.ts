export { createNodeHost } from './create-node-host';
export type { NodeHostOptions } from './create-node-host';
export type { NodeWebSocketOptions } from './node-web-socket';
export { createNodeNetwork } from './node-network';
export type { NodeNetworkOptions } from './node-network';
export { createOpenUdpSocket } from './node-udp-socket';
export type { NodeUdpSocketOptions } from './node-udp-socket';
export { createNodeFiles } from './node-files';
