export { decodeUtf8, encodeUtf8 } from './utf8';
