import path from 'node:path';

/** The repository's folder; all scripts work from there, wherever they are called. */
export const root = path.resolve(import.meta.dirname, '../..');
