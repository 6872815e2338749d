import { createInterface } from 'node:readline';

/**
 * Serves commands in a program that `LabProgram` has started: a line of JSON each on standard input,
 * answered in order by a line of JSON. The program ends when its input does: who started it has gone.
 * @param ready what is told first.
 */
export function serveCommands<Command>(
  ready: unknown,
  answer: (command: Command) => Promise<unknown>,
): void {
  const say = (value: unknown) => console.log(JSON.stringify(value ?? null));
  const lines = createInterface({ input: process.stdin });
  let before = Promise.resolve();
  lines.on('line', (line) => {
    before = before
      .then(() => answer(JSON.parse(line) as Command))
      .then(say, (error: unknown) => say({ error: String(error) }));
  });
  lines.on('close', () => process.exit(0));
  say(ready);
}
