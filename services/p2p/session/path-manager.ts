import type { ConnectionIds } from './connection-ids';
import type { EventLog, SessionEvent } from './event-log';
import type { Frame } from './frames';
import { PathTier } from './path';
import type { Path, Route } from './path';
import type { PathSet } from './path-set';
import type { Probing } from './probing';
import { RouteValidation } from './route-validation';
import type { Sender } from './sender';
import { acknowledgeFrames } from './sent-packet';
import type { SentPacket } from './sent-packet';
import type { SessionObserver } from './session-types';

/** The initiator's keep-alive on each path: well within the idle timeout and common NAT bindings. */
const KEEP_ALIVE_MS = 10_000;

/** Packets without an answer for this long have been lost, whatever else arrives. */
const UNANSWERED_MS = 30_000;

type SuspectTrigger = Extract<SessionEvent, { name: 'connectivity:path_suspected' }>['trigger'];
type LossTrigger = Extract<SessionEvent, { name: 'recovery:packet_lost' }>['trigger'];

export interface PathManagerParts {
  readonly isInitiator: boolean;
  readonly paths: PathSet;
  readonly probing: Probing;
  readonly sender: Sender;
  readonly observer: SessionObserver;
  readonly log: EventLog | undefined;
}

/** Opens, watches, moves and drops a session's paths, and decides which one carries its data. */
export class PathManager {
  /** Packets lost so far, on all paths. */
  packetsLost = 0;
  private readonly isInitiator: boolean;
  private readonly paths: PathSet;
  private readonly routes: RouteValidation;
  private readonly sender: Sender;
  private readonly observer: SessionObserver;
  private readonly log: EventLog | undefined;
  private ids: ConnectionIds | null = null;

  constructor(parts: PathManagerParts) {
    this.isInitiator = parts.isInitiator;
    this.paths = parts.paths;
    this.routes = new RouteValidation(parts.probing);
    this.sender = parts.sender;
    this.observer = parts.observer;
    this.log = parts.log;
    parts.probing.onChallenged = (route, nowMs) => this.onChallenged(route, nowMs);
  }

  /** The session stands: paths can be opened from now on. */
  installIds(ids: ConnectionIds): void {
    this.ids = ids;
  }

  /** Chooses the path for new data, and says so when it is another one. */
  choose(nowMs: number): void {
    const before = this.paths.choose(nowMs);
    if (before === null) return;
    const { active } = this.paths;
    // What was sent while there was nothing better than a dead path has most likely been lost.
    if (!before.works) this.sender.sendAgain(before.recovery.drain());
    this.log?.record(nowMs, {
      name: 'connectivity:path_chosen',
      pathId: active.id,
      insteadOf: before.id,
      trigger: !before.works
        ? 'previous-failed'
        : active.tier < before.tier
          ? 'better-tier'
          : 'better-rtt',
      rttMs: active.summary.rttMs,
    });
    this.observer.onActivePath?.(active.summary);
  }

  /**
   * Makes a route that has answered a probe into a path; the initiator's call.
   * @returns false when there is one already, or there are too many.
   */
  open(route: Route, tier: PathTier, nowMs: number): boolean {
    if (this.ids === null || this.paths.byRoute(route) !== undefined) return false;
    const path = this.paths.open(this.paths.expectedId, route, tier, nowMs);
    if (path === null) return false;
    if (this.ids.extend(path.id)) this.observer.onConnectionIds?.();
    const { id: pathId } = path;
    this.log?.record(nowMs, { name: 'connectivity:path_assigned', pathId, route, tier });
    path.ping();
    this.choose(nowMs);
    return true;
  }

  /** The initiator has opened a path; its route has to have answered a probe before data goes there. */
  accept(pathId: number, route: Route, nowMs: number): Path | null {
    const { expectedId } = this.paths;
    if (this.ids === null || this.isInitiator || pathId < expectedId) return null;
    const tier = this.observer.tierOf?.(route) ?? PathTier.Direct;
    const path = this.paths.open(pathId, route, tier, nowMs);
    if (path === null) return null;
    // An id that was left out is never opened any more.
    for (let id = expectedId; id < pathId; id++) this.ids.forget(id);
    if (this.ids.extend(pathId)) this.observer.onConnectionIds?.();
    this.log?.record(nowMs, { name: 'connectivity:path_assigned', pathId, route, tier });
    path.validated = this.routes.isValidated(route);
    return path;
  }

  /** The network under us has changed: no direct path is trusted before it has answered. */
  onNetworkChanged(nowMs: number): void {
    for (const path of this.paths.all()) {
      if (path.tier !== PathTier.Relay) this.suspectMoved(path, 'network-changed', nowMs);
      path.ping();
    }
    this.choose(nowMs);
  }

  /** The transport of a path can send nothing at present. */
  onUnusable(path: Path, nowMs: number): void {
    // While it is the only one, what is in flight may still arrive once it is back.
    if (!this.hasAnother(path)) return;
    this.suspect(path, 'transport-lost', nowMs);
    this.choose(nowMs);
  }

  /** An authentic packet of a path came by `route`. @param isNewest none sent later has arrived yet. */
  onPacket(path: Path, route: Route, isNewest: boolean, nowMs: number): void {
    if (path.route === route) {
      if (path.validated) this.onHeard(path, nowMs);
      else this.routes.challenge(route, nowMs);
    } else if (isNewest) this.onRouteChanged(path, route, nowMs);
  }

  /**
   * A peer asks by the relay's route when it has dialled the relay anew: what was on its way to the
   * socket before has gone with that.
   */
  private onChallenged(route: Route, nowMs: number): void {
    const path = this.paths.byRoute(route);
    if (path?.tier !== PathTier.Relay) return;
    const packets = path.recovery.drain();
    path.recovery.resetBackoff();
    path.congestion.onPathRestarted();
    this.logLost(path, packets, 'path_suspected', nowMs);
    this.sender.sendAgain(packets);
  }

  /** A route has answered a probe: it works both ways. @param full also for full-sized packets. */
  onProbeAnswered(route: Route, rttMs: number, full: boolean, nowMs: number): void {
    const moved = this.routes.onAnswered(route);
    const path = moved === undefined ? this.paths.byRoute(route) : this.paths.get(moved);
    if (path !== undefined) {
      path.validated = true;
      if (path.route !== route) {
        // Packets of the path have come from there: nothing more is to be proven.
        this.logMigration(path.id, route, 'migration_complete', nowMs);
        path.route = route;
        this.onHeard(path, nowMs);
      } else if (path.suspectSinceMs !== null) {
        // The peer may have given the path up, though its address answers: the path has to answer.
        path.recovery.resetBackoff();
        path.ping();
      }
      this.choose(nowMs);
    }
    this.log?.record(nowMs, { name: 'connectivity:probe_answered', route, rttMs });
    if (full) this.observer.onProbeAnswered?.(route, rttMs);
  }

  /** Takes an ACK frame. @throws TransportError when it acknowledges what was never sent. */
  onAck(frame: Extract<Frame, { type: 'ack' }>, nowMs: number): void {
    const path = this.paths.get(frame.pathId);
    // Of a path that was given up.
    if (path === undefined) return;
    const { acknowledged, lost, rttMs } = path.recovery.onAck(frame.ranges, frame.delayMs, nowMs);
    if (acknowledged.length > 0) {
      path.onAcknowledged(acknowledged, rttMs, nowMs);
      for (const { frames } of acknowledged) {
        acknowledgeFrames(frames);
        for (const one of frames) {
          if (one.kind === 'ack') this.paths.get(one.pathId)?.acks.onAckAcknowledged(one.largest);
        }
      }
    }
    this.onPacketsLost(path, lost, 'reordering_threshold', nowMs);
  }

  /** When `onTimeout` must be called; Infinity when never. */
  nextTimeoutMs(nowMs: number): number {
    let due = this.paths.nextChoiceMs(nowMs) ?? Infinity;
    for (const path of this.paths.all()) {
      if (!path.usable) continue;
      if (this.isInitiator) due = Math.min(due, path.lastElicitedMs + KEEP_ALIVE_MS);
      due = Math.min(due, path.recovery.nextTimeoutMs() ?? Infinity);
      if (this.isInitiator) due = Math.min(due, path.lullDueMs() ?? Infinity);
      if (this.hasAnother(path)) due = Math.min(due, path.silenceDueMs() ?? Infinity);
    }
    return due;
  }

  onTimeout(nowMs: number): void {
    for (const path of [...this.paths.all()]) if (path.usable) this.onTimeoutOf(path, nowMs);
    for (const path of this.paths.expired(nowMs)) this.drop(path, nowMs);
    this.choose(nowMs);
  }

  private onTimeoutOf(path: Path, nowMs: number): void {
    if (this.isInitiator && nowMs >= path.lastElicitedMs + KEEP_ALIVE_MS) path.ping();
    // A NAT that forgot us lets nothing in before we have sent something, and a viewer has little to send.
    if (this.isInitiator && nowMs >= (path.lullDueMs() ?? Infinity)) path.onLull();
    if (this.hasAnother(path) && nowMs >= (path.silenceDueMs() ?? Infinity)) {
      this.suspect(path, 'silence', nowMs);
      if (path.tier !== PathTier.Relay) this.observer.onPathSilent?.();
      return;
    }
    if (nowMs < (path.recovery.nextTimeoutMs() ?? Infinity)) return;
    // A peer that speaks and never acknowledges, or a path that stays silent, must not pile up packets.
    if (nowMs - (path.recovery.oldestSentAtMs ?? nowMs) >= UNANSWERED_MS) {
      this.sender.sendAgain(path.recovery.drain());
      path.ping();
      return;
    }
    const { lost, probes } = path.recovery.onTimeout(nowMs);
    this.onPacketsLost(path, lost, 'time_threshold', nowMs);
    if (probes === 0) return;
    this.log?.record(nowMs, { name: 'recovery:loss_timer_expired', pathId: path.id, probes });
    // RFC 9002 §6.2.4: probes carry what waits longest, or a PING.
    this.sender.sendAgain(path.recovery.oldest(probes));
    path.ping();
    path.probes = probes;
  }

  private onHeard(path: Path, nowMs: number): void {
    const { suspectSinceMs } = path;
    path.onReceived(nowMs);
    if (suspectSinceMs === null) return;
    const afterMs = nowMs - suspectSinceMs;
    this.log?.record(nowMs, { name: 'connectivity:path_recovered', pathId: path.id, afterMs });
  }

  /**
   * The peer's address has changed (RFC 9000 §9.3). Nothing but a probe goes to the new one before it
   * has answered, so that nobody can point our packets at a victim.
   */
  private onRouteChanged(path: Path, route: Route, nowMs: number): void {
    if (path.tier === PathTier.Relay) return;
    this.routes.challenge(route, nowMs);
    if (!this.routes.noteMove(route, path.id)) return;
    this.logMigration(path.id, route, 'probing_started', nowMs);
    // Whoever moved cannot be reached where it was.
    if (path.suspectSinceMs !== null || !this.hasAnother(path)) return;
    this.suspectMoved(path, 'peer-moved', nowMs);
  }

  /** A move is no sign of a bad path: it is preferred again as soon as it has answered. */
  private suspectMoved(path: Path, trigger: SuspectTrigger, nowMs: number): void {
    if (path.suspectSinceMs !== null) return;
    this.suspect(path, trigger, nowMs);
    path.breaks--;
  }

  /** The path seems dead: what is on it takes another one. */
  private suspect(path: Path, trigger: SuspectTrigger, nowMs: number): void {
    if (path.suspectSinceMs !== null) return;
    const packets = path.suspect(nowMs);
    this.log?.record(nowMs, {
      name: 'connectivity:path_suspected',
      pathId: path.id,
      trigger,
      inFlight: packets.length,
    });
    this.logLost(path, packets, 'path_suspected', nowMs);
    this.sender.sendAgain(packets);
  }

  private drop(path: Path, nowMs: number): void {
    this.log?.record(nowMs, { name: 'connectivity:path_dropped', pathId: path.id });
    this.sender.sendAgain(path.recovery.drain());
    this.paths.remove(path);
    this.ids?.forget(path.id);
    this.observer.onConnectionIds?.();
    this.observer.onPathLost?.(path.route);
  }

  /** Whether a path other than this one works. */
  private hasAnother(path: Path): boolean {
    for (const other of this.paths.all()) if (other !== path && other.works) return true;
    return false;
  }

  private onPacketsLost(
    path: Path,
    packets: readonly SentPacket[],
    trigger: LossTrigger,
    nowMs: number,
  ): void {
    if (packets.length === 0) return;
    this.logLost(path, packets, trigger, nowMs);
    this.packetsLost += packets.length;
    path.onLost(packets);
    this.sender.sendAgain(packets);
  }

  private logLost(
    path: Path,
    packets: readonly SentPacket[],
    trigger: LossTrigger,
    nowMs: number,
  ): void {
    if (this.log === undefined) return;
    for (const { packetNumber } of packets) {
      const event = {
        name: 'recovery:packet_lost',
        pathId: path.id,
        packetNumber,
        trigger,
      } as const;
      this.log.record(nowMs, event);
    }
  }

  private logMigration(
    pathId: number,
    route: Route,
    state: 'probing_started' | 'migration_complete',
    nowMs: number,
  ): void {
    const name = 'connectivity:migration_state_updated';
    this.log?.record(nowMs, { name, pathId, route, state });
  }
}
