/** What an object keeps alive. */
export interface Retained {
  /** Elements of all its arrays, maps and sets. */
  readonly entries: number;
  /** Bytes of all its typed arrays. */
  readonly bytes: number;
}

/** Counts everything reachable from `root`, each object once. */
export function retained(root: object): Retained {
  const seen = new Set<object>();
  const queue: object[] = [root];
  let entries = 0;
  let bytes = 0;
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    queue.push(value);
  };
  for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
    if (ArrayBuffer.isView(one)) {
      bytes += one.byteLength;
      continue;
    }
    if (Array.isArray(one) || one instanceof Set) {
      for (const value of one as Iterable<unknown>) {
        entries++;
        visit(value);
      }
    } else if (one instanceof Map) {
      for (const [key, value] of one as Map<unknown, unknown>) {
        entries++;
        visit(key);
        visit(value);
      }
    } else for (const value of Object.values(one)) visit(value);
  }
  return { entries, bytes };
}
