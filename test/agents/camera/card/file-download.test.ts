import { createHash } from 'node:crypto';
import { readFile, truncate, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import type { Card, FileEntry, FileRequest } from '../../../../agents/camera/card';
import { CardRig, DrainingResponse, until } from './card-rig';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('a download', () => {
  let rig: CardRig;
  let card: Card;
  let file: FileEntry;

  beforeEach(async () => {
    rig = new CardRig();
    card = await rig.open();
    const recorder = card.recorder(0);
    rig.begin(recorder);
    rig.run(recorder, 7_000, 20_000);
    await card.flush();
    file = card.files(rig.all)[0]!;
  });
  afterEach(() => rig.close());

  const request = (more: Partial<FileRequest> = {}): DrainingResponse => {
    const response = new DrainingResponse();
    card.openFile({ channel: 0, fileName: file.file_name, ...more }, response);
    return response;
  };
  const download = async (offset?: number): Promise<DrainingResponse> => {
    const response = request({ offset });
    await until(() => response.ended);
    return response;
  };

  it('is the file that was listed', async () => {
    const response = await download();
    expect(response.status).toBe(200);
    expect(response.headers['content-length']).toBe(String(file.file_size));
    expect(response.bytes.length).toBe(file.file_size);
    const onDisk = await readFile(join(rig.folder(), file.file_name));
    expect(sha256(response.bytes)).toBe(sha256(onDisk));
    expect(response.tags.length).toBeGreaterThan(60);
  });

  it('goes on from any offset with the same bytes', async () => {
    const whole = sha256((await download()).bytes);
    await fc.assert(
      fc.asyncProperty(fc.nat(file.file_size), async (offset) => {
        const second = await download(offset);
        expect(second.headers['content-length']).toBe(String(file.file_size - offset));
        const first = (await download()).bytes.subarray(0, offset);
        expect(sha256(Buffer.concat([first, second.bytes]))).toBe(whole);
      }),
      { numRuns: 20, examples: [[0], [file.file_size]] },
    );
  });

  it('waits while the viewer takes nothing', async () => {
    const response = new DrainingResponse();
    response.stalled = true;
    card.openFile({ channel: 0, fileName: file.file_name }, response);
    await until(() => response.bufferedBytes() >= 256 * 1024);
    await rig.disk.idle();
    expect(response.bufferedBytes()).toBeLessThanOrEqual(256 * 1024 + 64 * 1024);
    for (let i = 0; !response.ended && i < 100; i++) {
      response.drain();
      await rig.disk.idle();
    }
    expect(response.bytes.length).toBe(file.file_size);
  });

  it('is sent to its end although the file is deleted meanwhile', async () => {
    const response = new DrainingResponse();
    response.stalled = true;
    card.openFile({ channel: 0, fileName: file.file_name }, response);
    await until(() => response.bufferedBytes() >= 256 * 1024);
    await unlink(join(rig.folder(), file.file_name));
    response.stalled = false;
    response.drain();
    await until(() => response.ended);
    expect(response.bytes.length).toBe(file.file_size);
  });

  it('is broken off, not ended, when the file turns out shorter', async () => {
    const response = new DrainingResponse();
    const abort = jest.spyOn(response, 'abort');
    response.stalled = true;
    card.openFile({ channel: 0, fileName: file.file_name }, response);
    await until(() => response.bufferedBytes() >= 256 * 1024);
    await truncate(join(rig.folder(), file.file_name), 1_000);
    response.drain();
    await until(() => response.ended);
    expect(abort).toHaveBeenCalledTimes(1);
    expect(rig.log.at(-1)).toContain('shorter');
  });

  it('stops when the viewer goes away, and when the card is closed', async () => {
    const responses = [request(), request()];
    for (const response of responses) response.stalled = true;
    await until(() => responses.every((response) => response.bufferedBytes() >= 256 * 1024));
    responses[0]!.onClose!();
    const abort = jest.spyOn(responses[1]!, 'abort');
    await card.close();
    expect(abort).toHaveBeenCalledTimes(1);
    for (const response of responses) {
      const sent = response.chunks.length;
      response.drain();
      await rig.disk.idle();
      expect(response.chunks).toHaveLength(sent);
    }
    expect(responses[0]!.ended).toBe(false);
  });

  it('knows no file but those that are listed', async () => {
    const { file_name: name } = file;
    const part = (await rig.names()).find((one) => one.endsWith('.part'))!;
    const unknown = [
      ...['', '.', '..', part, `./${name}`, `../channel-0/${name}`, `${rig.folder()}/${name}`],
      ...[`${name}\0`, name.toUpperCase(), '/etc/passwd', '../../../../../etc/passwd'],
    ];
    for (const fileName of unknown) {
      const response = request({ fileName });
      expect([fileName, response.status, response.ended]).toEqual([fileName, 404, true]);
    }
    expect(request({ channel: 1 }).status).toBe(404);
  });

  it('answers 404 for a file that vanished, and lists it no more', async () => {
    await unlink(join(rig.folder(), file.file_name));
    const response = await download();
    expect(response.status).toBe(404);
    expect(response.text).not.toContain(rig.directory);
    expect(card.files(rig.all).map(({ file_name }) => file_name)).not.toContain(file.file_name);
  });

  it('answers 416 beyond the end, and 400 for what is no offset', () => {
    const beyond = request({ offset: file.file_size + 1 });
    expect(beyond.status).toBe(416);
    expect(beyond.headers['content-range']).toBe(`bytes */${file.file_size}`);
    for (const offset of [-1, 1.5, NaN, Infinity]) expect(request({ offset }).status).toBe(400);
    expect(request({ channel: -1 }).status).toBe(400);
  });

  it('answers 503 when there are too many', async () => {
    const responses = Array.from({ length: 9 }, () => request());
    expect(responses.map(({ status }) => status)).toEqual([...Array<null>(8).fill(null), 503]);
    await until(() => responses.every(({ ended }) => ended));
    expect((await download()).status).toBe(200);
  });
});
