import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CancelTimer, Clock } from '../../../services/host';
import { errorCode } from './card-fs';
import type { CardFs } from './card-fs';

const FILE = 'lock';
const HEARTBEAT_MS = 3_000;
/** A holder that was not heard of for so long is gone, even if its process number is in use again. */
const STALE_MS = 10_000;
/** One per process: after a restart in a container the process number is the same. */
const OWN = `${process.pid} ${randomUUID()}`;

/** Somebody else records on the card. */
export class CardInUseError extends Error {
  readonly code = 'CARD_IN_USE';
}

/** Keeps a second process off the card: both would repair what the other one is writing. */
export class CardLock {
  private readonly path: string;
  private cancelHeartbeat: CancelTimer | null = null;

  constructor(
    directory: string,
    private readonly fs: CardFs,
    private readonly clock: Clock,
  ) {
    this.path = join(directory, FILE);
  }

  /**
   * @throws CardInUseError while another process holds it; it lets go by `release`, by its end, or by
   * saying nothing for 10 s. The system's error when the folder cannot be written.
   */
  async acquire(): Promise<void> {
    if (this.cancelHeartbeat) return;
    if (!(await this.create())) {
      const holder = await this.holder();
      if (holder !== null && holder !== OWN) {
        throw new CardInUseError(`process ${parseInt(holder)} records on it`);
      }
      await this.fs.unlink(this.path).catch(() => undefined);
      if (!(await this.create())) throw new CardInUseError('another process was faster');
    }
    await this.heartbeat();
  }

  async release(): Promise<void> {
    this.cancelHeartbeat?.();
    this.cancelHeartbeat = null;
    const content = await this.fs.readFile(this.path, 'utf8').catch(() => '');
    if (content === OWN) await this.fs.unlink(this.path).catch(() => undefined);
  }

  private async create(): Promise<boolean> {
    try {
      const handle = await this.fs.open(this.path, 'wx');
      try {
        await handle.writeFile(OWN);
      } finally {
        await handle.close();
      }
      return true;
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** @returns null for one that is gone. */
  private async holder(): Promise<string | null> {
    try {
      const content = await this.fs.readFile(this.path, 'utf8');
      const { mtimeMs } = await this.fs.stat(this.path);
      const isSilent = Math.abs(this.clock.wallMs() - mtimeMs) > STALE_MS;
      return content !== OWN && (isSilent || !isRunning(parseInt(content))) ? null : content;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      throw error;
    }
  }

  private async heartbeat(): Promise<void> {
    this.cancelHeartbeat = this.clock.setTimer(HEARTBEAT_MS, () => void this.heartbeat());
    const nowS = this.clock.wallMs() / 1000;
    // A disk that fails is told of by those who record.
    await this.fs.utimes(this.path, nowS, nowS).catch(() => undefined);
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}
