/** Ends a program that cannot do its work: one sentence for the user, no stack. */
export function fail(error: unknown): never {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
