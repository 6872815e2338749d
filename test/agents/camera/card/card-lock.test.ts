import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CardRig, until } from './card-rig';

describe('a card that another process holds', () => {
  let rig: CardRig;
  let other: ChildProcess;
  let lock: string;

  beforeEach(async () => {
    rig = new CardRig();
    lock = join(rig.directory, 'lock');
    await mkdir(rig.directory);
    other = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    await once(other, 'spawn');
    await beat();
  });
  afterEach(async () => {
    other.kill('SIGKILL');
    await rig.close();
  });

  const beat = async (): Promise<void> => {
    await writeFile(lock, `${other.pid} 0b2b7e2c`);
    const nowS = rig.clock.wallMs() / 1000;
    await utimes(lock, nowS, nowS);
  };

  it('is not touched, until that process ends', async () => {
    const card = await rig.open();
    expect(rig.log).toEqual([expect.stringContaining(`process ${other.pid} records on it`)]);
    const recorder = card.recorder(0);
    rig.begin(recorder);
    rig.run(recorder, 1_000);
    await card.flush();
    expect(recorder.state).toMatchObject({ name: 'faulty', fault: 'in-use' });
    expect(card.records(rig.all)).toEqual([]);
    const gone = once(other, 'exit');
    other.kill('SIGKILL');
    await gone;
    rig.clock.advance(5_000);
    await until(() => recorder.state.name === 'waiting');
    rig.run(recorder, 1_000);
    await card.flush();
    expect(recorder.state.name).toBe('recording');
    expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${process.pid} `));
  });

  it('is taken over from a process that says nothing any more', async () => {
    rig.clock.advance(10_001);
    const card = await rig.open();
    expect(rig.log).toEqual([]);
    await card.close();
    await expect(readFile(lock)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('is left to the one who took it meanwhile', async () => {
    rig.clock.advance(10_001);
    const card = await rig.open();
    await beat();
    await card.close();
    expect(await readFile(lock, 'utf8')).toMatch(new RegExp(`^${other.pid} `));
  });

  it('is held by saying so every few seconds', async () => {
    rig.clock.advance(10_001);
    const card = await rig.open();
    const openedMs = rig.clock.wallMs();
    rig.clock.advance(60_000);
    await rig.disk.idle();
    const { mtimeMs } = await stat(lock);
    expect(mtimeMs).toBeGreaterThanOrEqual(openedMs + 57_000);
    await card.close();
    expect(rig.clock.pendingTimers).toBe(0);
  });
});
