import { closeOnExit } from '../../../agents/cli';

/** An agent that does nothing but live, and tells its process id beside its event. */
export function announceAndRun(event: Record<string, unknown>): void {
  const keepsAlive = setInterval(() => undefined, 60_000);
  closeOnExit(() => clearInterval(keepsAlive));
  console.log(`pid ${process.pid}`);
  console.log(JSON.stringify(event));
}
