import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { nodeFs } from '../../../../agents/camera/card/card-fs';
import { CardStore } from '../../../../agents/camera/card/card-store';
import { FlvReader } from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';
import { CardRig, isFrame, until } from './card-rig';

/** What a loss of power leaves: the files as they were, and nobody who closed them. */
describe('a card after a loss of power', () => {
  let rig: CardRig;
  let part: string;
  let content: Buffer;

  beforeEach(async () => {
    rig = new CardRig();
    const card = await rig.open();
    const recorder = card.recorder(0);
    rig.begin(recorder);
    rig.run(recorder, 4_500);
    await card.flush();
    part = (await rig.names()).find((name) => name.endsWith('.part'))!;
    content = await readFile(join(rig.folder(), part));
  });
  afterEach(() => rig.close());

  const store = (): CardStore =>
    new CardStore({
      ...{ directory: rig.directory, maxBytes: 1e9, fs: nodeFs, clock: rig.clock },
      log: { warn: (line) => rig.log.push(line), info: (line) => rig.log.push(line) },
    });
  /** Puts bytes in the place of the file that was being written, and reads the card anew. */
  const reopen = async (bytes: Uint8Array): Promise<CardStore> => {
    for (const name of await rig.names()) {
      if (name.startsWith(part.slice(0, 10))) await nodeFs.unlink(join(rig.folder(), name));
    }
    await writeFile(join(rig.folder(), part), bytes);
    const opened = store();
    await opened.load();
    return opened;
  };
  const pieces = (opened: CardStore): (readonly [string, number])[] =>
    opened.times(0).pieces.map(({ segment }) => [segment.fileName, segment.bytes]);

  it('has everything that was on the disk', async () => {
    const opened = await reopen(content);
    const [first, second] = pieces(opened);
    expect(first![0]).toMatch(/-3000-start\.flv$/);
    expect(second).toEqual([part.replace('-next.part', '-1440-next.flv'), content.length]);
    expect(opened.usedBytes).toBe(first![1] + second![1]);
    expect((await rig.tagsOf(second![0])).filter(isFrame)).toHaveLength(30);
  });

  it('has every whole tag, wherever the file is torn, and whatever follows the tear', async () => {
    const tail = fc.oneof(
      fc.constant(new Uint8Array(0)),
      fc.constant(new Uint8Array(4_096)),
      fc.uint8Array({ maxLength: 300 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length), tail, async (length, rubbish) => {
        const whole = content.subarray(0, length);
        const torn = Buffer.concat([whole, rubbish]);
        const opened = await reopen(torn);
        const [, second] = pieces(opened);
        // Rubbish may happen to be what was there; the reader does not wait for a tag's last 4 bytes.
        const sound = commonPrefix(torn, content);
        const frames = tagsWithin(content.subarray(0, Math.max(0, sound - 4))).length;
        if (frames === 0) return expect(second).toBeUndefined();
        expect((await rig.tagsOf(second![0])).filter(isFrame)).toHaveLength(frames);
        const { size } = await stat(join(rig.folder(), second![0]));
        expect(second![1]).toBe(size);
        // Its length is written near the beginning; the rest is as it was.
        const kept = await readFile(join(rig.folder(), second![0]));
        expect(kept.subarray(61).equals(content.subarray(61, size))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves finished files out that are damaged, and says so', async () => {
    const [first] = await rig.names();
    const path = join(rig.folder(), first!);
    const sound = await readFile(path);
    for (const damaged of [
      sound.subarray(0, sound.length - 1),
      sound.subarray(0, 5),
      Buffer.alloc(sound.length),
      Buffer.concat([sound, Buffer.alloc(512)]),
      Buffer.concat([Buffer.from('FLX'), sound.subarray(3)]),
    ]) {
      rig.log.length = 0;
      await writeFile(path, damaged);
      const opened = await reopen(content);
      expect(pieces(opened).map(([name]) => name)).not.toContain(first);
      expect(rig.log[0]).toContain('is damaged');
    }
    await truncate(path, 0);
    expect(pieces(await reopen(content))).toHaveLength(1);
  });

  it('takes no file for a recording that is none', async () => {
    await writeFile(join(rig.folder(), 'index.db'), 'nonsense');
    await writeFile(join(rig.directory, 'notes.txt'), 'nonsense');
    await mkdir(join(rig.directory, 'channel-9x'));
    await mkdir(join(rig.folder(), '0000000099-20261123T011500123Z-60040-next.flv'));
    expect(pieces(await reopen(content))).toHaveLength(2);
  });

  it('never gives a number twice, not even that of a damaged file', async () => {
    const name = '0000000099-20261123T011500123Z-60040-next.flv';
    await writeFile(join(rig.folder(), name), 'nonsense');
    const opened = await reopen(content);
    const { segment, handle } = await opened.begin(0, 0, 'start');
    await handle.close();
    expect(segment.sequence).toBe(100);
  });

  it('makes room at once when the card has become smaller', async () => {
    const opened = new CardStore({
      ...{ directory: rig.directory, maxBytes: content.length, fs: nodeFs, clock: rig.clock },
      log: { warn: () => undefined, info: () => undefined },
    });
    await opened.load();
    expect(pieces(opened)).toHaveLength(1);
    expect(opened.usedBytes).toBe(content.length);
  });

  it('opens a file that is renamed at the same time', async () => {
    const opened = store();
    const { segment, handle } = await opened.begin(0, 1_000, 'start');
    await handle.write(content, 0, content.length, 0);
    opened.grow(segment, content.length, 2_000);
    const finishing = opened.finish(segment, handle, 2_000);
    let opens = 0;
    const isFinished = (): boolean => segment.finished;
    for (; !isFinished(); opens++) await (await opened.open(segment)).close();
    await finishing;
    expect(opens).toBeGreaterThan(0);
    expect(opened.find(0, segment.fileName)).toBe(segment);
    await (await opened.open(segment)).close();
  });

  it('waits a moment for the name of a file that is being renamed', async () => {
    const late = { ...nodeFs };
    const opened = new CardStore({
      ...{ directory: rig.directory, maxBytes: 1e9, fs: late, clock: rig.clock },
      log: { warn: () => undefined, info: () => undefined },
    });
    const { segment, handle } = await opened.begin(0, 1_000, 'start');
    await handle.write(content, 0, content.length, 0);
    opened.grow(segment, content.length, 2_000);
    // The disk has renamed it, and we are not told yet.
    let told = (): void => undefined;
    late.rename = async (from, to) => {
      await nodeFs.rename(from, to);
      await new Promise<void>((resolve) => (told = resolve));
    };
    const finishing = opened.finish(segment, handle, 2_000);
    late.open = async (...args: Parameters<typeof nodeFs.open>) => {
      told();
      return nodeFs.open(...args);
    };
    await until(() => existsSync(join(rig.folder(), segment.fileName)) === false);
    const opening = opened.open(segment).then((file) => file.close());
    await Promise.all([opening, finishing]);
    expect(opened.find(0, segment.fileName)).toBe(segment);
  });
});

function commonPrefix(a: Uint8Array, b: Uint8Array): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}

function tagsWithin(bytes: Uint8Array): readonly FlvTag[] {
  return new FlvReader().push(bytes).tags.filter(isFrame);
}
