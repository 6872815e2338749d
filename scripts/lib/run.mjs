import { spawn } from 'node:child_process';
import os from 'node:os';
import { root } from './root.mjs';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a command to its end with our terminal; a signal to us reaches it and then ends us. */
export function run(command, args, { env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
    });
    let received = null;
    const forward = (signal) => {
      received = signal;
      child.kill(signal);
    };
    SIGNALS.forEach((signal) => process.on(signal, forward));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      SIGNALS.forEach((name) => process.off(name, forward));
      if (received) process.exit(128 + os.constants.signals[received]);
      resolve(signal ? 128 + os.constants.signals[signal] : code);
    });
  });
}

/** The same for a Node program. */
export const runNode = (args, options) => run(process.execPath, args, options);
