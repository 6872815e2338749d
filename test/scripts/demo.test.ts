import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const AGENTS = ['relay', 'camera', 'page-server'] as const;

interface Demo {
  readonly child: ChildProcess;
  readonly pids: Map<string, number>;
  readonly data: string;
  readonly lines: string[];
}

/** Starts the demo over agents that only live, and waits until its page is there. */
async function startDemo(): Promise<Demo> {
  const data = fs.mkdtempSync(path.join(os.tmpdir(), 'demo-'));
  const child = spawn(process.execPath, [path.join(__dirname, 'demo-child.mjs'), data], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pids = new Map<string, number>();
  const lines: string[] = [];
  const output = createInterface({ input: child.stdout });
  await new Promise<void>((resolve) => {
    output.on('line', (line) => {
      lines.push(line);
      const told = /^\[(.+)\] pid (\d+)$/.exec(line);
      if (told) pids.set(told[1]!, Number(told[2]));
      if (line.startsWith('page ')) resolve();
    });
  });
  return { child, pids, data, lines };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pids: Iterable<number>): Promise<void> {
  const left = [...pids].filter(isAlive);
  if (left.length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, 20));
  await untilGone(left);
}

describe('createDemo', () => {
  let demo: Demo;

  beforeEach(async () => {
    demo = await startDemo();
  }, 30_000);

  afterEach(() => {
    for (const pid of [demo.child.pid!, ...demo.pids.values()]) {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    }
    fs.rmSync(demo.data, { recursive: true });
  });

  it('starts the agents and writes the camera into the list of devices', () => {
    expect([...demo.pids.keys()]).toEqual(AGENTS);
    const devices = fs.readFileSync(path.join(demo.data, 'devices.json'), 'utf8');
    expect(JSON.parse(devices)).toEqual({
      devices: [
        {
          id: 'DEMO/camera',
          name: 'Door',
          productId: 'DEMO',
          deviceName: 'camera',
          xp2pInfo: 'XP2P',
        },
      ],
    });
  });

  it('leaves no agent behind when it is stopped', async () => {
    demo.child.kill('SIGTERM');
    expect(await once(demo.child, 'exit')).toEqual([0, null]);
    expect([...demo.pids.values()].filter(isAlive)).toEqual([]);
  });

  it('leaves no agent behind when it is killed', async () => {
    demo.child.kill('SIGKILL');
    await untilGone(demo.pids.values());
  });

  it('stops everything when an agent ends by itself', async () => {
    process.kill(demo.pids.get('camera')!, 'SIGKILL');
    expect(await once(demo.child, 'exit')).toEqual([1, null]);
    await untilGone(demo.pids.values());
    expect(demo.lines).toContain('failed: the camera ended by itself (SIGKILL)');
  });
});
