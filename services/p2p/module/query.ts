import { encodeUtf8 } from '../../encoding';
import { parseQuery } from '../http';
import type { QueryParams } from '../http';

/**
 * Makes a query safe for a request head: whatever may not stand in a target is percent-encoded, what is
 * encoded already stays. A `&` inside a value cannot be told from a separator; callers encode it.
 */
export function safeQuery(query: string): string {
  return query.replace(/[^\x21-\x7e]+|[#"<>\\^`{|}]|%(?![0-9A-Fa-f]{2})/g, (part) => {
    let encoded = '';
    for (const byte of encodeUtf8(part)) {
      encoded += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    }
    return encoded;
  });
}

/** Path and query of a request; `offCrypto` adds `_crypto=off` unless the query names `_crypto`. */
export function targetOf(path: string, params: string, offCrypto = false): string {
  let query = safeQuery(params);
  if (offCrypto && paramsOf(query)['_crypto'] === undefined) {
    query += query === '' ? '_crypto=off' : '&_crypto=off';
  }
  return query === '' ? path : `${path}?${query}`;
}

/** The query's parameters; none where an escape is broken. */
export function paramsOf(query: string): QueryParams {
  return parseQuery(safeQuery(query)) ?? {};
}
