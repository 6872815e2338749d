import { spawn } from 'node:child_process';

export interface ProcessEvents {
  onOutput(bytes: Uint8Array): void;
  /** A line of standard error. */
  onLog(line: string): void;
  /** The process has ended, or could not be started: `code` is then its `ENOENT` or the like. */
  onExit(code: number | string | null): void;
}

export interface RunningProcess {
  /** Asks the process to end; it is killed when it has not within 2 s. */
  stop(): void;
}

/** Starts a program with nothing on its standard input. Events come after it has returned. */
export type StartProcess = (
  command: string,
  args: readonly string[],
  events: ProcessEvents,
) => RunningProcess;

const STOP_TIMEOUT_MS = 2_000;
const MAX_LINE_LENGTH = 1_000;

export const startProcess: StartProcess = (command, args, events) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  // However the agent ends, it leaves no encoder behind.
  const killNow = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killNow);
  let stopTimer: NodeJS.Timeout | undefined;
  let ended = false;
  const end = (code: number | string | null): void => {
    if (ended) return;
    ended = true;
    clearTimeout(stopTimer);
    process.removeListener('exit', killNow);
    events.onExit(code);
  };
  child.on('error', (error: NodeJS.ErrnoException) => {
    if (child.pid === undefined) end(error.code ?? error.message);
  });
  child.on('close', (code, signal) => end(code ?? signal));
  child.stdout.on('data', (bytes: Buffer) => events.onOutput(bytes));
  splitLines(child.stderr, (line) => events.onLog(line));
  return {
    stop() {
      if (ended || stopTimer) return;
      child.kill('SIGTERM');
      stopTimer = setTimeout(killNow, STOP_TIMEOUT_MS);
    },
  };
};

function splitLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split(/[\r\n]+/);
    rest = lines.pop()!.slice(-MAX_LINE_LENGTH);
    for (const line of lines) if (line !== '') onLine(line.slice(0, MAX_LINE_LENGTH));
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
