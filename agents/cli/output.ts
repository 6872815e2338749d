import pino from 'pino';
import type { Logger } from 'pino';
import pretty from 'pino-pretty';

export interface ProgramEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

/** What a program tells: its events on stdout, its log on stderr. */
export interface Output {
  readonly log: Logger;
  /** Tells an event: as a line of JSON for a program that reads it, else as a sentence. */
  readonly announce: (event: ProgramEvent, sentence: string) => void;
}

export function createOutput(options: { readonly json: boolean; readonly name: string }): Output {
  const log = pino(
    { name: options.name, level: process.env.LOG_LEVEL ?? 'info', base: { name: options.name } },
    pretty({
      destination: 2,
      sync: true,
      colorize: process.stderr.isTTY,
      translateTime: 'SYS:HH:MM:ss',
      ignore: 'pid,hostname',
    }),
  );
  return {
    log,
    announce: (event, sentence) =>
      process.stdout.write(`${options.json ? JSON.stringify(event) : sentence}\n`),
  };
}
