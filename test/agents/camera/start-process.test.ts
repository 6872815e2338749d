import { startProcess } from '../../../agents/camera/start-process';

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
