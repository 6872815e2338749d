import type { XP2PFlv } from '../p2p/module';
import { badParameter } from './parameters';

/**
 * The file and the parameters of a service's url.
 * @throws IotError -2000 when the url has no file.
 */
export function flvOfUrl(url: string): XP2PFlv {
  const match = /^[a-z]+:\/\/[^?#]*\/([\w.-]+)(?:\?([^#]*))?$/i.exec(url);
  if (match === null) {
    throw badParameter(
      'stream',
      'streamInfo.url',
      'a url that ends in a file, as …/ipc.flv?action=live',
    );
  }
  return { filename: match[1]!, params: match[2] ?? '' };
}

/** The `action` of a stream's parameters, by which the plugin tells two streams apart. */
export function streamTypeOf(params: string): string {
  return /(?:^|&)action=([^&]+)/.exec(params)?.[1] ?? 'live';
}

/** Parameters that ask for no encryption. */
export function withoutCrypto(params: string): string {
  if (/(^|&)_crypto=/.test(params)) return params.replace(/(^|&)_crypto=[^&]*/, '$1_crypto=off');
  return params === '' ? '_crypto=off' : `${params}&_crypto=off`;
}
