import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

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

/** A program that reads what it is given. */
export interface PipedProcess extends RunningProcess {
  /** Queues bytes for its standard input; does nothing once that is closed. */
  write(bytes: Uint8Array): void;
  /** Bytes queued that the program has not taken. */
  bufferedBytes(): number;
  /** Closes its standard input after what was written. */
  endInput(): void;
}

/** Starts a program that is fed through its standard input. */
export type StartPipe = (
  command: string,
  args: readonly string[],
  events: ProcessEvents,
) => PipedProcess;

const STOP_TIMEOUT_MS = 2_000;
const MAX_LINE_LENGTH = 1_000;

export const startProcess: StartProcess = (command, args, events) => {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
  return superviseProcess(child, events);
};

export const startPipe: StartPipe = (command, args, events) => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
  const { stdin } = child;
  // A program that ends while it is fed says so by its exit.
  stdin.on('error', () => undefined);
  return {
    ...superviseProcess(child, events),
    write(bytes) {
      if (stdin.writable) stdin.write(bytes);
    },
    bufferedBytes: () => stdin.writableLength,
    endInput: () => void stdin.end(),
  };
};

/** A program that is fed through one pipe and told what to do through another. */
export interface SteeredProcess extends PipedProcess {
  /** Writes to its standard input; what it reads and does not understand it ignores. */
  steer(text: string): void;
}

/** Starts a program that is fed through file descriptor 3; its standard input takes orders. */
export type StartSteered = (
  command: string,
  args: readonly string[],
  events: ProcessEvents,
) => SteeredProcess;

export const startSteered: StartSteered = (command, args, events) => {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    windowsHide: true,
  }) as ChildProcessByStdio<Writable, Readable, Readable>;
  const feed = child.stdio[3] as Writable;
  // A program that ends while it is fed says so by its exit.
  for (const pipe of [child.stdin, feed]) pipe.on('error', () => undefined);
  return {
    ...superviseProcess(child, events),
    write(bytes) {
      if (feed.writable) feed.write(bytes);
    },
    bufferedBytes: () => feed.writableLength,
    endInput: () => void feed.end(),
    steer(text) {
      if (child.stdin.writable) child.stdin.write(text);
    },
  };
};

function superviseProcess(
  child: ChildProcessByStdio<Writable | null, Readable, Readable>,
  events: ProcessEvents,
): RunningProcess {
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
}

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
