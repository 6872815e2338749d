export { sendRequest } from './client';
export type { RequestEvents, RequestHandle, RequestOptions } from './client';
export { encodeRequestHead, encodeResponseHead, MAX_HEAD_BYTES, parseQuery } from './head-codec';
export { priorityOf } from './request-class';
export { serveStream } from './server';
export type {
  HeaderFields,
  IncomingRequest,
  QueryParams,
  RequestHandler,
  RequestHead,
  ResponseHead,
  ResponseWriter,
} from './types';
