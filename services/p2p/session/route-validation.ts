import type { Route } from './path';
import type { Probing } from './probing';

/** New addresses of the peer that are being asked; a peer that moves more often is forged. */
const MAX_MOVES = 16;
/** Routes that have answered lately: a path that the peer opens there needs no probe of its own. */
const MAX_ANSWERED = 64;
const ANSWERED_MS = 5000;
/** Between two challenges that packets cause: each is much larger than a packet may be. */
const MIN_BETWEEN_CHALLENGES_MS = 20;

/** Which of the peer's addresses have answered, and which are being asked (RFC 9000 §9.3). */
export class RouteValidation {
  private readonly probing: Probing;
  /** Paths whose peer seems to have moved, by the route that is being asked. */
  private readonly moves = new Map<Route, number>();
  /** When a route answered; the latest last. */
  private readonly answered = new Map<Route, number>();
  private challengedAtMs = -Infinity;

  constructor(probing: Probing) {
    this.probing = probing;
  }

  /** Whether a route has answered so lately that it needs not be asked. */
  isValidated(route: Route, nowMs: number): boolean {
    return nowMs - (this.answered.get(route) ?? -Infinity) < ANSWERED_MS;
  }

  /** Asks a route for an answer, at most so often that nobody can point a flood at a victim. */
  challenge(route: Route, nowMs: number): void {
    if (nowMs - this.challengedAtMs < MIN_BETWEEN_CHALLENGES_MS) return;
    this.challengedAtMs = nowMs;
    this.probing.challenge(route, nowMs);
  }

  /** A path's packets come by this route. @returns whether that is news. */
  noteMove(route: Route, pathId: number): boolean {
    if (this.moves.has(route)) return false;
    if (this.moves.size >= MAX_MOVES) this.moves.clear();
    this.moves.set(route, pathId);
    return true;
  }

  /** The route has answered. @returns the path that was waiting to move there; undefined when none was. */
  onAnswered(route: Route, nowMs: number): number | undefined {
    const pathId = this.moves.get(route);
    this.moves.delete(route);
    this.answered.delete(route);
    this.answered.set(route, nowMs);
    if (this.answered.size > MAX_ANSWERED) {
      for (const oldest of this.answered.keys()) {
        this.answered.delete(oldest);
        break;
      }
    }
    return pathId;
  }
}
