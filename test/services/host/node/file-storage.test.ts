import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createNodeHost } from '../../../../services/host/node';

describe('storage of the Node host', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'storage-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  it('keeps values in a file that only its owner can read', () => {
    const storageFile = join(dir, 'deep', 'values.json');
    createNodeHost({ storageFile }).storage.set('uuid', 'a');
    expect(createNodeHost({ storageFile }).storage.get('uuid')).toBe('a');
    expect(statSync(storageFile).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(dir, 'deep'))).toEqual(['values.json']);
  });

  it('counts a broken file as empty', () => {
    const storageFile = join(dir, 'values.json');
    writeFileSync(storageFile, '{"a":');
    expect(createNodeHost({ storageFile }).storage.get('a')).toBeNull();
  });

  it('forgets at exit what it cannot write', () => {
    writeFileSync(join(dir, 'file'), '');
    const { storage } = createNodeHost({ storageFile: join(dir, 'file', 'values.json') });
    storage.set('a', 'b');
    expect(storage.get('a')).toBe('b');
  });

  it('keeps values in memory without a file', () => {
    const { storage } = createNodeHost();
    expect(storage.get('a')).toBeNull();
    storage.set('a', 'b');
    expect(storage.get('a')).toBe('b');
  });
});

describe('clock and random of the Node host', () => {
  it('cancels timers, and gives fresh bytes', () => {
    const { clock, random } = createNodeHost();
    const cancel = clock.setTimer(1_000, () => undefined);
    cancel();
    cancel();
    expect(random.bytes(16)).toHaveLength(16);
    expect(random.bytes(16)).not.toEqual(random.bytes(16));
  });
});
