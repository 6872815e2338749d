import { spawnSync } from 'node:child_process';

/** Decodes FLV with ffmpeg, which has nothing to complain about. */
export function expectDecodes(input: Uint8Array): void {
  // Times are to be judged as they are, not in steps of a guessed frame rate.
  const args = ['-v', 'error', '-i', 'pipe:0', '-enc_time_base', '-1', '-f', 'null', '-'];
  const { status, stderr } = spawnSync('ffmpeg', args, { input });
  expect([status, String(stderr)]).toEqual([0, '']);
}
