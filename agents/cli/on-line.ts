import { createInterface } from 'node:readline';

/** Hands over what is typed, line by line; empty ones are left out. */
export function onLine(listener: (line: string) => void): void {
  createInterface({ input: process.stdin }).on('line', (line) => {
    const text = line.trim();
    if (text !== '') listener(text);
  });
}
