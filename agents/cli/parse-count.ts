import { InvalidArgumentError } from 'commander';

const MAX_COUNT = 1_000_000_000;

/** Makes a parser of whole numbers from `min` on. */
export function parseCount(min: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count < min || count > MAX_COUNT) {
      throw new InvalidArgumentError(`It is a whole number from ${min} to ${MAX_COUNT}.`);
    }
    return count;
  };
}
