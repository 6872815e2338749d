export type {
  HeaderFields,
  IncomingRequest,
  QueryParams,
  RequestHandler,
  RequestHead,
  ResponseHead,
  ResponseWriter,
} from './types';
