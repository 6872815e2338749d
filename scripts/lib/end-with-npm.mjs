const CHECK_INTERVAL_MS = 500;

/**
 * Ends us as SIGTERM does when the `npm run` above us is gone. npm passes signals on to a shell that
 * does not pass them on to us, so a killed `npm start` would leave us and all we started behind.
 */
export function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const check = () => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  };
  const timer = setInterval(check, CHECK_INTERVAL_MS);
  timer.unref();
}
