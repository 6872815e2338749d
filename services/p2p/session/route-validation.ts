import type { Route } from './path';
import type { Probing } from './probing';

/** New addresses of the peer that are being asked; a peer that moves more often is forged. */
const MAX_MOVES = 16;
/** Between two challenges that packets cause, so that nobody can point a flood at a victim. */
const MIN_BETWEEN_CHALLENGES_MS = 20;

/** Which of the peer's addresses its packets come from and have not answered yet (RFC 9000 §9.3). */
export class RouteValidation {
  private readonly probing: Probing;
  /** Paths whose peer seems to have moved, by the route that is being asked. */
  private readonly moves = new Map<Route, number>();
  private challengedAtMs = -Infinity;

  constructor(probing: Probing) {
    this.probing = probing;
  }

  /** Whether whoever is at this route has answered a challenge. */
  isValidated(route: Route): boolean {
    return this.probing.validation.isValidated(route);
  }

  /** Asks a route for an answer, as far as what came from it allows. */
  challenge(route: Route, nowMs: number): void {
    if (nowMs - this.challengedAtMs < MIN_BETWEEN_CHALLENGES_MS) return;
    this.challengedAtMs = nowMs;
    this.probing.challenge(route, false, nowMs);
  }

  /** A path's packets come by this route. @returns whether that is news. */
  noteMove(route: Route, pathId: number): boolean {
    if (this.moves.has(route)) return false;
    if (this.moves.size >= MAX_MOVES) this.moves.clear();
    this.moves.set(route, pathId);
    return true;
  }

  /** The route has answered. @returns the path that was waiting to move there; undefined when none was. */
  onAnswered(route: Route): number | undefined {
    const pathId = this.moves.get(route);
    this.moves.delete(route);
    return pathId;
  }
}
