import type { TalkSource } from '../talk';

/**
 * A microphone that is asked for before the camera rings, within the tap, and then waits for the talk:
 * that begins without asking again.
 */
export class HeldSource implements TalkSource {
  private held: Promise<void> | null = null;

  constructor(private readonly source: TalkSource) {}

  /** Asks the user; held until `stop`. */
  authorise(): Promise<void> {
    this.held ??= this.source.authorise();
    return this.held;
  }

  start(line: Parameters<TalkSource['start']>[0]): Promise<void> {
    return this.source.start(line);
  }

  stop(): void {
    if (this.held === null) return;
    this.held = null;
    this.source.stop();
  }

  setMuted(muted: boolean): void {
    this.source.setMuted?.(muted);
  }

  setProfile(profile: Parameters<NonNullable<TalkSource['setProfile']>>[0]): void {
    this.source.setProfile?.(profile);
  }
}
