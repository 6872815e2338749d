type Close = () => Promise<void> | void;

/** A close that hangs must not keep the program alive. */
const CLOSE_DEADLINE_MS = 5_000;

const closers: Close[] = [];
let stopping = false;

async function closeAll(): Promise<number> {
  let exitCode = 0;
  for (const close of closers.reverse()) {
    try {
      await close();
    } catch (error) {
      exitCode = 1;
      console.error(error);
    }
  }
  return exitCode;
}

function stop(): void {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), CLOSE_DEADLINE_MS).unref();
  void closeAll().then((exitCode) => process.exit(exitCode));
}

function listen(): void {
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // A parent that gave us an IPC channel owns us: the channel closes even when it is killed.
  if (!process.send) return;
  process.once('disconnect', stop);
  if (!process.connected) stop();
}

/**
 * Calls `close` and ends the program on SIGINT, SIGTERM, or the death of a parent that started it
 * with an IPC channel. What was registered last is closed first.
 */
export function closeOnExit(close: Close): void {
  closers.push(close);
  if (closers.length === 1) listen();
}
