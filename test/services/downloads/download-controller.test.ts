import { createHash } from 'node:crypto';
import { DeviceSessions } from '../../../services/device';
import { BLOCK_BYTES, DownloadController } from '../../../services/downloads';
import type { CameraFile } from '../../../services/downloads';
import { createMemoryStorage } from '../../../services/host/node/memory-storage';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FileModule, generatedFile } from './file-module';
import { MemoryTarget } from './memory-target';

const MIB = 1024 * 1024;
const door = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const gate = { id: 'gate', name: 'Gate', xp2pInfo: 'XP2Pgate%2.4.0' };

const turns = async (count = 200): Promise<void> => {
  for (let i = 0; i < count; i++) await Promise.resolve();
};

const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

function cameraFile(name: string, sizeBytes: number | null, more: Partial<CameraFile> = {}) {
  return { name, sizeBytes, type: '0', startS: 100, endS: 160, sha256: null, ...more };
}

function setUp() {
  const clock = new VirtualClock();
  const module = new FileModule();
  const target = new MemoryTarget();
  const storage = createMemoryStorage();
  const sessions = new DeviceSessions({ module, appParams: {} as never });
  const make = (): DownloadController => {
    const random = new SeededRandom(1);
    const made = new DownloadController({ sessions, clock, random, storage, target });
    made.setDevices([door, gate]);
    return made;
  };
  const request = (file: CameraFile, device = door) => ({
    ...{ deviceId: device.id, deviceName: device.name, channel: 0, file },
  });
  return { clock, module, target, storage, sessions, make, request };
}

type Parts = ReturnType<typeof setUp>;

/** Lets transfers and their waits go on until nothing is under way any more. */
async function untilIdle(controller: DownloadController, { clock }: Parts): Promise<void> {
  for (let i = 0; i < 100_000 && controller.store.active; i++) {
    await turns(50);
    if (controller.store.items.some(({ phase }) => phase.kind === 'waiting')) clock.step();
  }
  await turns();
}

const phases = ({ store }: DownloadController) => store.items.map(({ phase }) => phase.kind);
const errorOf = ({ store }: DownloadController, index = 0) => {
  const { phase } = store.items[index]!;
  return phase.kind === 'failed' ? phase.error.reason : phase.kind;
};

describe('DownloadController', () => {
  it('fetches a file in blocks', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    const file = generatedFile(3 * MIB + 5, 1);
    module.files.set('a/1.flv', file);
    const controller = make();
    controller.add([request(cameraFile('a/1.flv', file.sizeBytes))]);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['done']);
    expect(target.writes).toBe(4);
    const { storedName } = controller.store.items[0]!;
    expect(storedName).toBe('Front door-a-1.flv');
    expect(digestOf(target.bytes(storedName))).toBe(digestOf(file.read(0, file.sizeBytes)));
    expect(target.openHandles).toBe(0);
  });

  it('brings 200 MB over a link that breaks ten times and an app that is restarted', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    const file = generatedFile(200 * 1000 * 1000, 7);
    module.files.set('big.flv', file);
    module.pieceBytes = 64 * 1024;
    module.breaks = Array.from({ length: 10 }, (_, i) => (i + 1) * 17_654_321);

    const wanted = createHash('sha256');
    for (let at = 0; at < file.sizeBytes; at += MIB) {
      wanted.update(file.read(at, Math.min(MIB, file.sizeBytes - at)));
    }
    const sha256 = wanted.digest('hex');
    // What is written is digested and forgotten: only what the queue holds itself stays in memory.
    const written = createHash('sha256');
    let held = 0;
    let mostHeld = 0;
    module.onHanded = (bytes) => {
      held += bytes;
      mostHeld = Math.max(mostHeld, held);
    };
    target.keep = (_name, _offset, block) => {
      written.update(block);
      held -= block.length;
      return false;
    };
    // A disk that takes its time.
    target.beforeWrite = () => turns(40);

    let controller = make();
    controller.add([request(cameraFile('big.flv', file.sizeBytes))]);
    while (controller.store.items[0]!.storedBytes < 90 * MIB) {
      await turns(50);
      if (phases(controller)[0] === 'waiting') parts.clock.step();
    }
    await controller.close();
    const before = module.requests.length;
    held = 0;

    controller = make();
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['done']);
    expect(written.digest('hex')).toBe(sha256);
    expect(mostHeld).toBeLessThanOrEqual(16 * MIB);
    expect(module.breaks).toEqual([]);
    // Each request begins where the one before it ended: nothing is fetched twice but what was lost
    // between wire and disk, which is less than a block per break here.
    expect(module.requests).toHaveLength(12);
    expect(module.requests[before]!.offset).toBeGreaterThan(90 * MIB - BLOCK_BYTES);
    expect(target.writes).toBeLessThanOrEqual(Math.ceil(file.sizeBytes / BLOCK_BYTES) + 12);
  }, 60_000);

  it('checks the digest that the camera tells', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    const file = generatedFile(2 * MIB, 3);
    module.files.set('good', file).set('bad', file);
    const sha256 = digestOf(file.read(0, file.sizeBytes));
    const controller = make();
    controller.add([
      request(cameraFile('good', file.sizeBytes, { sha256 })),
      request(cameraFile('bad', file.sizeBytes, { sha256: '0'.repeat(64) })),
    ]);
    await untilIdle(controller, parts);
    expect(errorOf(controller, 0)).toBe('done');
    expect(errorOf(controller, 1)).toBe('file-damaged');
    expect(target.bytes(controller.store.items[1]!.storedName)).toHaveLength(0);
  });

  it.each([
    ['sends more than its list says', 1 * MIB, true],
    ['sends less than its list says', 9 * MIB, true],
    ['sends more, without a length', 1 * MIB, false],
  ])('does not call a file whole when the camera %s', async (_name, listed, withLength) => {
    const parts = setUp();
    const { module, make, request } = parts;
    module.withLength = withLength;
    module.files.set('x', generatedFile(2 * MIB, 3));
    const controller = make();
    controller.add([request(cameraFile('x', listed))]);
    await untilIdle(controller, parts);
    expect(errorOf(controller)).toBe('file-damaged');
  });

  it('fetches a file of unknown size', async () => {
    const parts = setUp();
    const { module, make, request } = parts;
    module.withLength = false;
    module.files.set('x', generatedFile(1234, 3));
    const controller = make();
    controller.add([request(cameraFile('x', null))]);
    await untilIdle(controller, parts);
    expect(controller.store.items[0]).toMatchObject({ sizeBytes: 1234, storedBytes: 1234 });
    expect(phases(controller)).toEqual(['done']);
  });

  it('resumes with a camera that does not know `offset`', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    const file = generatedFile(3 * MIB, 3);
    module.alwaysWhole = true;
    module.breaks = [2 * MIB];
    module.files.set('x.mp4', file);
    const controller = make();
    controller.add([request(cameraFile('x.mp4', file.sizeBytes))]);
    await untilIdle(controller, parts);
    expect(module.requests.map(({ offset }) => offset)).toEqual([0, 2 * MIB]);
    expect(digestOf(target.bytes('Front door-x.mp4'))).toBe(digestOf(file.read(0, 3 * MIB)));
  });

  it('gives up at once what the camera rejects, and goes on with the next file', async () => {
    const parts = setUp();
    const { module, make, request } = parts;
    module.files.set('there', generatedFile(10, 3));
    const controller = make();
    controller.add([request(cameraFile('gone', 10)), request(cameraFile('there', 10))]);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['failed', 'done']);
    expect(errorOf(controller)).toBe('download-rejected');
  });

  it('asks the user after ten tries that brought nothing', async () => {
    const parts = setUp();
    const { module, make, request } = parts;
    module.files.set('x', generatedFile(10, 3));
    module.status = 503;
    const controller = make();
    controller.add([request(cameraFile('x', 10))]);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['failed']);
    expect(module.requests).toHaveLength(10);
    module.status = 200;
    controller.resume(controller.store.items[0]!.id);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['done']);
  });

  it('pauses with what came kept, and goes on from there', async () => {
    const parts = setUp();
    const { module, make, request } = parts;
    module.files.set('x', generatedFile(4 * MIB, 3));
    const controller = make();
    controller.add([request(cameraFile('x', 4 * MIB))]);
    const { id } = controller.store.items[0]!;
    while (controller.store.items[0]!.storedBytes < 2 * MIB) await turns(20);
    controller.pause(id);
    await turns(400);
    expect(phases(controller)).toEqual(['paused']);
    controller.resume(id);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['done']);
    expect(module.requests[1]!.offset).toBeGreaterThanOrEqual(2 * MIB);
  });

  it('deletes what is cancelled, after the file was closed', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    module.files.set('x', generatedFile(4 * MIB, 3));
    const controller = make();
    controller.add([request(cameraFile('x', 4 * MIB))]);
    const { id, storedName } = controller.store.items[0]!;
    await turns(100);
    controller.remove(id);
    await turns(1_000);
    expect(target.removed).toContain(storedName);
    expect(target.openHandles).toBe(0);
    expect(controller.store.items).toEqual([]);
  });

  it('says that there is no space before it fetches anything', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    target.free = 100;
    module.files.set('x', generatedFile(101, 3));
    const controller = make();
    controller.add([request(cameraFile('x', 101))]);
    await untilIdle(controller, parts);
    expect(errorOf(controller)).toBe('storage-full');
    expect(module.requests).toEqual([]);
  });

  it('fetches from several cameras at once, and from one in order', async () => {
    const parts = setUp();
    const { module, make, request } = parts;
    for (const name of ['1', '2', '3']) module.files.set(name, generatedFile(MIB, 3));
    const controller = make();
    controller.add([
      request(cameraFile('1', MIB)),
      request(cameraFile('2', MIB)),
      request(cameraFile('3', MIB), gate),
    ]);
    expect(phases(controller)).toEqual(['running', 'queued', 'running']);
    await untilIdle(controller, parts);
    expect(phases(controller)).toEqual(['done', 'done', 'done']);
  });

  it('keeps the queue over a restart, and tidies what nobody knows', async () => {
    const parts = setUp();
    const { module, target, storage, sessions, clock, make, request } = parts;
    module.files.set('x', generatedFile(100, 3)).set('y', generatedFile(100, 4));
    const first = make();
    first.add([request(cameraFile('x', 100)), request(cameraFile('y', 100))]);
    first.pause(first.store.items[1]!.id);
    await untilIdle(first, parts);
    await first.close();
    await target.open('left-over.flv');
    const options = { sessions, clock, storage, target, random: new SeededRandom(2) };
    const second = new DownloadController(options);
    await turns();
    expect(phases(second)).toEqual(['done', 'paused']);
    expect(target.removed).toEqual(['left-over.flv']);
    expect(storage.get('iot-video.downloads')).not.toContain('XP2P');
  });

  it('tells progress, speed and what is left', async () => {
    const parts = setUp();
    const { module, clock, make, request } = parts;
    module.files.set('x', generatedFile(100 * MIB, 3));
    let handed = 0;
    module.onHanded = (bytes) => {
      handed += bytes;
      clock.advance(10);
    };
    const controller = make();
    controller.add([request(cameraFile('x', 100 * MIB))]);
    const { id } = controller.store.items[0]!;
    while (handed < 8 * MIB) await turns(20);
    const progress = controller.store.progress.get(id)!;
    // 16 KiB in 10 ms each.
    expect(progress.bytesPerS! / 1_638_400).toBeCloseTo(1, 1);
    expect(progress.remainingS! * progress.bytesPerS!).toBeCloseTo(100 * MIB - progress.bytes, -7);
    await controller.close();
  });

  it('stores no slower disk’s bytes without bound', async () => {
    const parts = setUp();
    const { module, target, make, request } = parts;
    module.files.set('x', generatedFile(64 * MIB, 3));
    // A module that does not wait for promises.
    const serve = module.startLocalDownload.bind(module);
    module.startLocalDownload = (id, options, callbacks) =>
      serve(id, options, {
        ...callbacks,
        onChunkReceived: (chunk) => void callbacks.onChunkReceived?.(chunk),
      });
    module.pieceBytes = MIB;
    let release: () => void = () => undefined;
    target.beforeWrite = () => new Promise((resolve) => (release = resolve));
    const controller = make();
    controller.add([request(cameraFile('x', 64 * MIB))]);
    let handed = 0;
    module.onHanded = (bytes) => (handed += bytes);
    await turns(2_000);
    expect(handed).toBeLessThanOrEqual(20 * MIB);
    for (let i = 0; i < 40; i++) {
      release();
      await turns(20);
    }
    expect(phases(controller)).toEqual(['waiting']);
  });
});
