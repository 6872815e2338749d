import { endWithNpm } from './end-with-npm.mjs';

/** Runs a script; a failure is one sentence on stderr and exit code 1. */
export async function main(script) {
  endWithNpm();
  try {
    const code = await script();
    process.exitCode = code ?? 0;
  } catch (error) {
    console.error(`error: ${error.message}`);
    process.exitCode = 1;
  }
}
