/**
 * Records the bundled clip into the folder that is given. Tells now and then up to when its source has
 * yielded, and how long it was held up so far, by the disk or the machine: `<unix ms> <ms>`.
 */
import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Card } from '../../../../agents/camera/card';
import { nodeFs } from '../../../../agents/camera/card/card-fs';
import type { CardFs } from '../../../../agents/camera/card/card-fs';
import { prepareClip } from '../../../../agents/camera/clip';
import { ClipSource } from '../../../../agents/camera/clip-source';
import { createNodeHost } from '../../../../services/host/node';

const SAMPLE = join(__dirname, '../../../../agents/camera/assets/sample.flv');
const { clock } = createNodeHost();
let longestSyncMs = 0;
let longestPauseMs = 0;

const fs: CardFs = {
  ...nodeFs,
  open: async (...args: Parameters<CardFs['open']>): Promise<FileHandle> => {
    const handle = await nodeFs.open(...args);
    const datasync = handle.datasync.bind(handle);
    handle.datasync = async () => {
      const beganMs = clock.nowMs();
      await datasync();
      longestSyncMs = Math.max(longestSyncMs, clock.nowMs() - beganMs);
    };
    return handle;
  },
};

async function run(directory: string): Promise<void> {
  const log = { warn: console.error, info: console.error };
  const card = await Card.open({ directory, clock, log, fs, segmentMs: 2_000 });
  const recorder = card.recorder(0);
  const source = new ClipSource(prepareClip(readFileSync(SAMPLE)), clock);
  let frames = 0;
  let lastMs = clock.nowMs();
  await source.start({
    onHeader: (header) => recorder.onHeader(header),
    onTag: (tag) => {
      recorder.onTag(tag);
      longestPauseMs = Math.max(longestPauseMs, clock.nowMs() - lastMs);
      lastMs = clock.nowMs();
      if (++frames % 30 !== 0) return;
      // A segment's end takes two.
      const heldUpMs = 3 * longestSyncMs + 2 * longestPauseMs;
      process.stdout.write(`${clock.wallMs()} ${Math.ceil(heldUpMs)}\n`);
    },
  });
}

void run(process.argv[2]!);
