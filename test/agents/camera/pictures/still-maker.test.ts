import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StillMaker } from '../../../../agents/camera/pictures/still-maker';
import type { StartPipe } from '../../../../agents/camera/start-process';
import { nodeClock } from '../../../../services/host/node/node-clock';
import { ManualClock } from '../../manual-clock';

const log = { debug: () => undefined };

describe('StillMaker', () => {
  it('makes a JPEG of a keyframe, and says when it cannot', async () => {
    const flv = await readFile(join(__dirname, '../../../../agents/camera/assets/sample.flv'));
    const maker = new StillMaker({ clock: nodeClock, log });
    const jpeg = (await maker.make(flv.subarray(0, 20_000), 160))!;
    expect([...jpeg.subarray(0, 2)]).toEqual([0xff, 0xd8]);
    // Start of frame: height and width.
    const at = jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === 0xc0);
    expect(Buffer.from(jpeg).readUInt16BE(at + 7)).toBe(160);
    expect(await maker.make(Uint8Array.of(1, 2, 3), 160)).toBeNull();
    maker.close();
  });

  it('runs a few at a time, stops what hangs, and turns away what is too much', async () => {
    const clock = new ManualClock();
    let running = 0;
    let most = 0;
    const start: StartPipe = (_command, _args, { onExit }) => {
      most = Math.max(most, ++running);
      const stop = () => {
        running--;
        onExit('SIGTERM');
      };
      return { stop, write: () => undefined, bufferedBytes: () => 0, endInput: () => undefined };
    };
    const maker = new StillMaker({ clock, log, startPipe: start });
    const results = Array.from({ length: 50 }, () => maker.make(new Uint8Array(), 160));
    expect(await Promise.all(results.slice(34))).toEqual(Array.from({ length: 16 }, () => null));
    for (let i = 0; i < 10; i++) clock.advance(5_000);
    maker.close();
    expect(await Promise.all(results)).toEqual(results.map(() => null));
    expect([most, running]).toEqual([2, 0]);
  });
});
