/**
 * Ends the program as SIGTERM would when its standard input closes. A parent that holds the other
 * end of the pipe takes the program down with it however it dies, also where there is no IPC channel
 * (a shell, a supervisor, another language).
 */
export function exitWithParent(): void {
  let ended = false;
  const end = (): void => {
    if (ended) return;
    ended = true;
    process.emit('SIGTERM', 'SIGTERM');
  };
  process.stdin.once('end', end);
  process.stdin.once('close', end);
  process.stdin.once('error', end);
  process.stdin.resume();
}
