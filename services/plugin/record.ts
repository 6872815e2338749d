/** An object's members, whatever it is; `null` for what has none. */
export function recordOf(value: unknown): Readonly<Record<string, unknown>> | null {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function';
  return isObject ? (value as Readonly<Record<string, unknown>>) : null;
}
