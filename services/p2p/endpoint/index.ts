export { CameraEndpoint } from './camera-endpoint';
export { Connection } from './connection';
export { Endpoint } from './endpoint';
export type { EndpointOptions } from './endpoint';
export type {
  ConnectionEvents,
  Listener,
  ListenOptions,
  PathInfo,
  PathState,
  PeerAddress,
} from './types';
export type { NatEvents } from './stun-candidates';
