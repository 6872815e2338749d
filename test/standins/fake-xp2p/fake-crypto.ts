import type { Generation } from './generation';

export interface TransferOptions {
  readonly urlParams?: string;
  readonly offCrypto?: boolean;
}

/**
 * The parameters of a voice or a download as the device sees them. Up to 2.0.3 `_crypto=off` stands in
 * the app's; from 2.0.4 the option says it, and keys with an underscore are the plugin's own.
 */
export function paramsOf({ offCrypto }: Generation, options: TransferOptions): string {
  const { urlParams = '' } = options;
  if (!offCrypto) return urlParams;
  const own = urlParams.split('&').filter((pair) => pair !== '' && !pair.startsWith('_'));
  return [...own, ...(options.offCrypto === true ? ['_crypto=off'] : [])].join('&');
}
