import type { KeyValueStorage } from '../storage';

/**
 * `localStorage`, or memory where the browser forbids it: reading the property already throws when
 * cookies are blocked, and private windows may have a quota of 0.
 */
export function createH5Storage(): KeyValueStorage {
  const forgotten = new Map<string, string>();
  return {
    get(key) {
      try {
        return localStorage.getItem(key) ?? forgotten.get(key) ?? null;
      } catch {
        return forgotten.get(key) ?? null;
      }
    },
    set(key, value) {
      try {
        localStorage.setItem(key, value);
        forgotten.delete(key);
      } catch {
        forgotten.set(key, value);
      }
    },
  };
}
