import { spawn } from 'node:child_process';
import { once } from 'node:events';

describe('exitWithParent', () => {
  it('ends a program in good order when its standard input closes', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'agents/relay/main.ts', '--port', '0', '--json', '--exit-with-parent'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    expect(JSON.parse(line.toString())).toMatchObject({ event: 'listening' });
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
