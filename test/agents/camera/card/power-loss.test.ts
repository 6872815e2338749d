import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseSegmentName } from '../../../../agents/camera/card/segment';
import { CardRig, DrainingResponse, until } from './card-rig';
import { hasFfmpeg } from '../../../lib/ffmpeg';
import { expectDecodes } from './decodes';

const ROOT = join(__dirname, '../../../..');
const PROGRAM = join(__dirname, 'record-until-killed.ts');
const TIMEOUT_MS = 120_000;
/** Half a second from frame to disk, and what lies between two frames. */
const LOSS_MS = 600;

describe('a camera that loses power while it records', () => {
  let rig: CardRig;
  beforeEach(() => (rig = new CardRig()));
  afterEach(() => rig.close());

  /** @returns up to when its source had yielded at the least, and how much a slow machine adds. */
  const recordAndKill = async (lines: number): Promise<{ atMs: number; heldUpMs: number }> => {
    const camera = spawn(process.execPath, ['--import', 'tsx', PROGRAM, rig.directory], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(camera, 'exit');
    let last = [0, 0];
    let seen = 0;
    for await (const line of createInterface({ input: camera.stdout })) {
      last = line.split(' ').map(Number);
      if (++seen === lines) camera.kill('SIGKILL');
    }
    expect((await gone)[1]).toBe('SIGKILL');
    return { atMs: last[0]!, heldUpMs: last[1]! };
  };

  it(
    'loses less than the last second, and no file, twice over',
    async () => {
      for (const lines of [7, 4]) {
        const { atMs, heldUpMs } = await recordAndKill(lines);
        expect((await rig.names()).filter((name) => name.endsWith('.part'))).toHaveLength(1);
        const card = await rig.open();
        const names = await rig.names();
        const last = parseSegmentName(names.at(-1)!)!;
        expect(last.startMs + last.durationMs!).toBeGreaterThan(atMs - LOSS_MS - heldUpMs);
        expect(rig.log.at(-1)).toMatch(/is whole again$/);
        const aroundS = Math.floor(atMs / 1000);
        const files = card.files({ channel: 0, startS: aroundS - 3_600, endS: aroundS + 3_600 });
        expect(files.map(({ file_name }) => file_name)).toEqual(names);
        for (const { file_name: fileName, file_size: size } of files) {
          const response = new DrainingResponse();
          card.openFile({ channel: 0, fileName }, response);
          await until(() => response.ended);
          expect(response.bytes.length).toBe(size);
          expect(response.tags.length).toBeGreaterThan(3);
          if (hasFfmpeg) expectDecodes(response.bytes);
        }
        await card.close();
      }
    },
    TIMEOUT_MS,
  );
});
