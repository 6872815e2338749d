import type { PlayerEvent } from './player-event';
import type { PlayerState } from './player-state';

/** One change of a player's state. */
export interface PlayerHistoryEntry {
  /** Monotonic ms, as the launch trace's. */
  readonly atMs: number;
  /** What happened. */
  readonly event: PlayerEvent['type'];
  /** Of a timer: which. */
  readonly timer?: string;
  /** Of a failure: its reason. */
  readonly reason?: string;
  readonly player: string;
  readonly p2p: string;
  readonly stream: string;
}

const KEPT = 100;

/** The latest changes of a player, for whoever looks for a fault afterwards; oldest first. */
export class PlayerHistory {
  private kept: PlayerHistoryEntry[] = [];

  get entries(): readonly PlayerHistoryEntry[] {
    return this.kept;
  }

  note(event: PlayerEvent, { player, p2p, stream }: PlayerState, atMs: number): void {
    if (this.kept.length === KEPT) this.kept.shift();
    this.kept.push({
      atMs: Math.round(atMs),
      event: event.type,
      ...(event.type === 'timer' && { timer: event.timer }),
      ...('error' in event && { reason: event.error.reason }),
      player: player.kind,
      p2p: p2p.kind,
      stream: stream.kind,
    });
  }
}
