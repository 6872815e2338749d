import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryFiles } from '../../../services/host';
import type { Files } from '../../../services/host';
import { BlobFiles } from '../../../services/host/h5/blob-files';
import { createMiniFiles } from '../../../services/host/mini';
import type { MiniFileSystem } from '../../../services/host/mini';
import { createNodeFiles } from '../../../services/host/node';
import { SeededRandom } from '../../net/seeded-random';
import { createFakeAlbum } from './mini/fake-album';
import { createDiskFileSystem } from './mini/disk-file-system';

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const miniApi = (): ReturnType<typeof createDiskFileSystem> => createDiskFileSystem(folder);

const kinds: Readonly<Record<string, () => Files>> = {
  'in memory': () => new MemoryFiles(),
  'as blobs': () => new BlobFiles(),
  'of Node': () => createNodeFiles(join(folder, 'made', 'anew')),
  'of a mini-program': () => createMiniFiles(miniApi()).files,
};

describe.each(Object.entries(kinds))('files %s', (_kind, make) => {
  it('keep what was written block by block, and go on where they were', async () => {
    const files = make();
    const random = new SeededRandom(3);
    const blocks = [70_000, 1, 12_345].map((length) => new Uint8Array(random.bytes(length)));
    const whole = Buffer.concat(blocks);
    expect(await files.list()).toEqual([]);

    const first = await files.open('door-1.mp4');
    await first.write(0, blocks[0]!);
    await first.close();
    const second = await files.open('door-1.mp4');
    expect(second.sizeBytes).toBe(70_000);
    await second.write(70_000, blocks[1]!);
    await second.write(70_001, blocks[2]!);
    expect(second.sizeBytes).toBe(whole.length);
    const read = await second.read(0, whole.length + 10);
    expect(digestOf(read)).toBe(digestOf(whole));
    expect(await second.read(69_998, 5)).toEqual(new Uint8Array(whole.subarray(69_998, 70_003)));
    expect(await files.list()).toEqual(['door-1.mp4']);

    await second.clear();
    expect(second.sizeBytes).toBe(0);
    await second.close();
    await files.remove('door-1.mp4');
    await files.remove('door-1.mp4');
    expect(await files.list()).toEqual([]);
  });
});

describe('files', () => {
  it('in memory end before the memory does', async () => {
    const files = new MemoryFiles(1_000);
    const file = await files.open('a');
    await file.write(0, new Uint8Array(900));
    expect(await files.freeBytes()).toBe(100);
    await expect(file.write(900, new Uint8Array(101))).rejects.toMatchObject({
      reason: 'storage-full',
    });
    expect(file.sizeBytes).toBe(900);
  });

  it.each(['../up', 'a/b', '..', '', 'a\0b'])('of Node stay in their folder: %j', async (name) => {
    await expect(createNodeFiles(folder).open(name)).rejects.toMatchObject({
      reason: 'storage-failed',
    });
  });

  it('of a mini-program are in memory where it cannot write at a position, without an album', () => {
    const api = miniApi();
    const older: Partial<MiniFileSystem> = { ...api.getFileSystemManager() };
    delete older.open;
    const host = createMiniFiles({
      ...createFakeAlbum(),
      ...api,
      getFileSystemManager: () => older,
    });
    expect(host.files).toBeInstanceOf(MemoryFiles);
    expect(host.album).toBeNull();
    expect(createMiniFiles({}).files).toBeInstanceOf(MemoryFiles);
  });

  it('of a mini-program count what all of them take of 200 MB', async () => {
    const { files } = createMiniFiles(miniApi());
    const file = await files.open('a.mp4');
    await file.write(0, new Uint8Array(5_000));
    expect(await files.freeBytes()).toBe(200 * 1024 * 1024 - 5_000);
    const path = join(folder, 'xp2p', 'downloads', 'a.mp4');
    expect(readFileSync(path)).toHaveLength(5_000);
  });
});

describe('the album of a mini-program', () => {
  const albumOf = (...options: Parameters<typeof createFakeAlbum>) => {
    const api = createFakeAlbum(...options);
    return { api, album: createMiniFiles({ ...miniApi(), ...api }).album! };
  };

  it('takes MP4 everywhere and FLV on Android', () => {
    const on = (platform: string) => albumOf({ platform }).album;
    expect(on('ios').canSave('a.mp4')).toBe(true);
    expect(on('ios').canSave('a.FLV')).toBe(false);
    expect(on('android').canSave('a.flv')).toBe(true);
  });

  it('is given the path of the file', async () => {
    const { album, api } = albumOf();
    await album.save('a.mp4', '0');
    await album.save('b.jpg', '1');
    expect(api.saved).toEqual([
      `video ${folder}/xp2p/downloads/a.mp4`,
      `picture ${folder}/xp2p/downloads/b.jpg`,
    ]);
  });

  it('leads to the settings who has said no, once', async () => {
    const allowed = albumOf({ refuses: 1, allowsInSettings: true });
    await allowed.album.save('a.mp4', '0');
    expect(allowed.api.saved).toHaveLength(1);
    const denied = albumOf({ refuses: 9, allowsInSettings: false });
    await expect(denied.album.save('a.mp4', '0')).rejects.toMatchObject({ reason: 'album-denied' });
    expect(denied.api.saved).toHaveLength(0);
  });

  it('says so where it takes no such file', async () => {
    await expect(albumOf().album.save('a.bin', '7')).rejects.toMatchObject({
      reason: 'export-unsupported',
    });
    expect(createMiniFiles(miniApi()).album).toBeNull();
  });
});
