export type { Album, AlbumFileType, FileHost } from './album';
export type { CancelTimer, Clock } from './clock';
export { AEAD_TAG_BYTES } from './crypto';
export type { Crypto } from './crypto';
export { albumDenied, exportUnsupported, storageFailed, storageFull } from './file-errors';
export type { FileHandle, Files } from './files';
export { MemoryFiles } from './memory-files';
export { nobleCrypto } from './noble-crypto';
export type { Random } from './random';
export type { KeyValueStorage } from './storage';
export type { OpenWebSocket, WebSocketEvents, WebSocketLink } from './web-socket';
export type { Host } from './host';
export type { LocalAddress, NetworkEvent, NetworkMonitor, NetworkType } from './network';
export type {
  IpFamily,
  OpenUdpSocket,
  SocketAddress,
  UdpSocket,
  UdpSocketEvents,
} from './udp-socket';
export {
  canonicalIpAddress,
  formatIpAddress,
  formatSocketAddress,
  ipFamilyOf,
  isPort,
  parseIpAddress,
} from './ip-address';
