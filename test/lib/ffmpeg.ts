import { spawnSync } from 'node:child_process';

/** With this set a machine without ffmpeg fails the tests: for CI, which installs it. */
const IS_REQUIRED = process.env.REQUIRE_FFMPEG === '1';

/** Whether real encoders and decoders are there to judge what we write. */
export const hasFfmpeg =
  spawnSync('ffmpeg', ['-version']).status === 0 && spawnSync('ffprobe', ['-version']).status === 0;

if (!hasFfmpeg) {
  const what = 'FFMPEG IS NOT INSTALLED: what we write was judged by no real decoder';
  if (IS_REQUIRED) throw new Error(what);
  console.warn(what);
}

/** Tests that need ffmpeg: left out, loudly, where it is missing. */
export const describeWithFfmpeg = hasFfmpeg ? describe : describe.skip;
export const itWithFfmpeg = hasFfmpeg ? it : it.skip;
