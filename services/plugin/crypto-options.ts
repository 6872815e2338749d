import { withoutCrypto } from './flv';
import type { PluginApi } from './plugin-api';

const OFF = /(^|&)_crypto=off(?=&|$)/;

/**
 * How a request says that it wants no encryption: up to 2.0.3 in its parameters, then by an option.
 * Either is understood, and told in the way of this plugin.
 */
export function cryptoOptions(
  api: PluginApi,
  options: { readonly urlParams?: string; readonly offCrypto?: boolean },
): { readonly urlParams?: string; readonly offCrypto?: boolean } {
  const { offCrypto, ...others } = options;
  const { urlParams = '' } = options;
  if (offCrypto !== true && !OFF.test(urlParams)) return others;
  if (api.isBefore('2.0.4')) return { ...others, urlParams: withoutCrypto(urlParams) };
  return { urlParams: urlParams.replace(OFF, '').replace(/^&/, ''), offCrypto: true };
}
