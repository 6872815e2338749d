import { randomBytes } from 'node:crypto';
import type { Random } from '../random';

/** Random bytes of the operating system. */
export const nodeRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
};
