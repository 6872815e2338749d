import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { root } from './root.mjs';

const STOP_DEADLINE_MS = 6_000;

function parseEvent(line) {
  try {
    const event = JSON.parse(line);
    return typeof event?.event === 'string' ? event : null;
  } catch {
    return null;
  }
}

/**
 * Starts one of the agents with --json. The IPC channel is there for its end: an agent that loses
 * it knows that we are gone, however we went, and stops.
 */
export function startProgram(name, file, args, { onEvent, onExit }) {
  const child = spawn(process.execPath, ['--import', 'tsx', file, '--json', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const tell = (line) => console.log(`[${name}] ${line}`);

  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parseEvent(line);
    if (event) onEvent(event);
    else tell(line);
  });
  createInterface({ input: child.stderr }).on('line', tell);

  const exited = new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  void exited.then((how) => onExit(how));

  return {
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const deadline = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(deadline);
    },
  };
}
