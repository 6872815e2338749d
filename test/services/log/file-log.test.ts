import { createFileLog } from '../../../services/log';
import type { LogFiles, LogRecord } from '../../../services/log';

class MemoryFiles implements LogFiles {
  readonly texts = new Map<string, string>();
  appends = 0;
  gate: Promise<void> = Promise.resolve();

  list(): Promise<readonly string[]> {
    return Promise.resolve([...this.texts.keys(), 'other.txt']);
  }

  async append(name: string, text: string): Promise<void> {
    this.appends++;
    await this.gate;
    this.texts.set(name, (this.texts.get(name) ?? '') + text);
  }

  remove(name: string): Promise<void> {
    this.texts.delete(name);
    return Promise.resolve();
  }

  get lines(): readonly Record<string, unknown>[] {
    return [...this.texts.values()]
      .join('')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

const record = (message: string, data?: Record<string, unknown>): LogRecord => ({
  level: 'info',
  scope: 'player',
  message,
  ...(data && { data }),
});

const setUp = (options: { maxLength?: number; keep?: number } = {}) => {
  const files = new MemoryFiles();
  return { files, ...createFileLog({ files, wallMs: () => 1_000, ...options }) };
};

describe('createFileLog', () => {
  it('writes one JSON line per record', async () => {
    const { files, log, flush } = setUp();
    log(record('hello', { n: 1 }));
    log(record('bye'));
    await flush();
    expect(files.lines).toEqual([
      { atMs: 1_000, level: 'info', scope: 'player', message: 'hello', data: { n: 1 } },
      { atMs: 1_000, level: 'info', scope: 'player', message: 'bye' },
    ]);
  });

  it('writes what came meanwhile in one piece', async () => {
    const { files, log, flush } = setUp();
    for (let i = 0; i < 100; i++) log(record(`${i}`));
    await flush();
    expect(files.lines.map(({ message }) => message)).toEqual(
      Array.from({ length: 100 }, (_, i) => `${i}`),
    );
    expect(files.appends).toBeLessThanOrEqual(2);
  });

  it('goes on in another file, and keeps the newest of them', async () => {
    const { files, log, flush } = setUp({ maxLength: 200, keep: 2 });
    for (let i = 0; i < 20; i++) {
      log(record(`${i}`.padEnd(100, '.')));
      await flush();
    }
    expect(files.texts.size).toBeLessThanOrEqual(2);
    const kept = files.lines.map(({ message }) => parseInt(String(message), 10));
    expect(kept[kept.length - 1]).toBe(19);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    for (const text of files.texts.values()) expect(text.length).toBeLessThan(600);
  });

  it('keeps files of earlier runs for as long as there is room', async () => {
    const { files, log, flush } = setUp({ keep: 3 });
    for (const number of [7, 8, 10, 9]) files.texts.set(`log-${number}.jsonl`, '');
    log(record('new'));
    await flush();
    expect([...files.texts.keys()].sort()).toEqual(['log-10.jsonl', 'log-11.jsonl', 'log-9.jsonl']);
  });

  it('leaves out, and counts, what a host is too slow for', async () => {
    const { files, log, flush } = setUp();
    let open = (): void => undefined;
    files.gate = new Promise((resolve) => (open = resolve));
    for (let i = 0; i < 3_000; i++) log(record(`${i}`));
    open();
    await flush();
    const last = files.lines[files.lines.length - 1];
    expect(last).toMatchObject({ message: 'records left out' });
    const { count } = last!['data'] as { count: number };
    expect(files.lines.length - 1 + count).toBe(3_000);
    expect(count).toBeGreaterThan(900);
  });

  it('survives a host that cannot write', async () => {
    const { files, log, flush } = setUp();
    files.append = () => Promise.reject(new Error('full'));
    log(record('lost'));
    await expect(flush()).resolves.toBeUndefined();
  });

  it('takes what JSON does not: errors, cycles, bytes, big numbers; and cuts what is long', async () => {
    const { files, log, flush } = setUp();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    log(record('odd', { error: new Error('x'), cycle, bytes: new Uint8Array(9), big: 1n }));
    const thrower = Object.defineProperty({}, 'x', {
      enumerable: true,
      get: () => {
        throw new Error('getter');
      },
    });
    log(record('thrower', { thrower }));
    log(record('long', { text: 'y'.repeat(10_000) }));
    await flush();
    expect(files.lines[0]).toMatchObject({
      data: { error: 'Error: x', cycle: { self: '…' }, bytes: '9 B', big: '1' },
    });
    expect(files.lines[1]).toMatchObject({ message: 'thrower', unreadable: 'Error: getter' });
    expect(files.lines[2]).toMatchObject({ message: 'long', cut: expect.any(Number) });
  });
});
