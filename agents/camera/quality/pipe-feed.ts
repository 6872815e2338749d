import type { ResponseWriter } from '../../../services/p2p/http';
import type { BandwidthEstimate } from '../../../services/p2p/session';
import type { PipedProcess } from '../start-process';

/** Lets a hub stream into a program: a program that reads too slowly is moved on like any viewer. */
export class PipeFeed implements ResponseWriter {
  onDrain: (() => void) | null = null;
  onClose: (() => void) | null = null;

  constructor(private readonly child: PipedProcess) {}

  writeHead(): void {
    // A pipe has no head.
  }

  write(chunk: Uint8Array): boolean {
    this.child.write(chunk);
    return true;
  }

  end(chunk?: Uint8Array): void {
    if (chunk) this.child.write(chunk);
    this.child.endInput();
  }

  abort(): void {
    this.child.endInput();
  }

  bufferedBytes(): number {
    return this.child.bufferedBytes();
  }

  /** A pipe has no path. */
  estimate(): BandwidthEstimate {
    return { rateBps: null, appLimited: true, rttMs: null, minRttMs: null };
  }
}
