import { startPipe, startProcess, startSteered } from '../../../agents/camera/start-process';
import type { PipedProcess, ProcessEvents } from '../../../agents/camera/start-process';

interface Finished {
  readonly code: number | string | null;
  readonly output: string;
  readonly lines: readonly string[];
}

function run(
  command: string,
  args: readonly string[],
  onLine: (line: string, stop: () => void) => void = () => undefined,
): Promise<Finished> {
  return new Promise((resolve) => {
    let output = '';
    const lines: string[] = [];
    const child = startProcess(command, args, {
      onOutput: (bytes) => (output += Buffer.from(bytes).toString()),
      onLog: (line) => {
        lines.push(line);
        onLine(line, () => child.stop());
      },
      onExit: (code) => resolve({ code, output, lines }),
    });
  });
}

describe('startProcess', () => {
  it('hands over output, log lines and exit code', async () => {
    const script = 'console.log("out"); console.error("a\\rb\\n\\nc"); process.exitCode = 3';
    expect(await run(process.execPath, ['-e', script])).toEqual({
      code: 3,
      output: 'out\n',
      lines: ['a', 'b', 'c'],
    });
  });

  it('tells that a program is missing', async () => {
    expect((await run('no-such-program-here', [])).code).toBe('ENOENT');
  });

  it('stops a program', async () => {
    const script = 'console.error("up"); setInterval(() => {}, 1000)';
    const { code } = await run(process.execPath, ['-e', script], (_line, stop) => stop());
    expect(code).toBe('SIGTERM');
  });

  it('leaves no listener behind', async () => {
    const before = process.listenerCount('exit');
    await run(process.execPath, ['-e', '']);
    expect(process.listenerCount('exit')).toBe(before);
  });
});

describe('startPipe', () => {
  const script = 'process.stdin.pipe(process.stdout)';
  const run = (
    start: (events: ProcessEvents) => PipedProcess,
    use: (child: PipedProcess) => void,
  ): Promise<Finished> =>
    new Promise((resolve) => {
      let output = '';
      const child = start({
        onOutput: (bytes) => (output += Buffer.from(bytes).toString()),
        onLog: () => undefined,
        onExit: (code) => resolve({ code, output, lines: [] }),
      });
      use(child);
    });

  it('feeds a program until its input ends', async () => {
    const { code, output } = await run(
      (events) => startPipe(process.execPath, ['-e', script], events),
      (child) => {
        child.write(new TextEncoder().encode('hello'));
        child.endInput();
      },
    );
    expect([code, output]).toEqual([0, 'hello']);
  });

  it('survives a program that is missing, or does not read', async () => {
    const write = (child: PipedProcess): void => {
      child.write(new Uint8Array(1_000_000));
      child.endInput();
      child.write(new Uint8Array(1));
    };
    const missing = await run((events) => startPipe('no-such-program-here', [], events), write);
    const deaf = await run((events) => startPipe(process.execPath, ['-e', ''], events), write);
    expect([missing.code, deaf.code]).toEqual(['ENOENT', 0]);
  });

  it('feeds and steers through two pipes', async () => {
    const both =
      'const fs = require("fs"); const fed = fs.readFileSync(3);' +
      'process.stdout.write(fed); process.stdin.pipe(process.stdout)';
    const { output } = await run(
      (events) => {
        const child = startSteered(process.execPath, ['-e', both], events);
        child.steer('turn');
        // The program ends by itself once it is stopped.
        setImmediate(() => child.endInput());
        const onOutput = events.onOutput.bind(events);
        events.onOutput = (bytes) => {
          onOutput(bytes);
          if (Buffer.from(bytes).includes('turn')) child.stop();
        };
        return child;
      },
      (child) => child.write(new TextEncoder().encode('fed ')),
    );
    expect(output).toBe('fed turn');
  });
});
