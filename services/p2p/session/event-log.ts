/**
 * What a session tells of itself, named as in draft-ietf-quic-qlog-quic-events where it has a name.
 * Times are the session's own, monotonic ms.
 */
export type SessionEvent =
  | {
      readonly name: 'connectivity:connection_state_updated';
      readonly state: string;
      readonly detail?: string;
    }
  | {
      readonly name: 'connectivity:path_assigned';
      readonly pathId: number;
      readonly route: number;
      readonly tier: number;
    }
  | {
      readonly name: 'connectivity:path_chosen';
      readonly pathId: number;
      readonly insteadOf: number;
      readonly trigger: 'better-tier' | 'better-rtt' | 'previous-failed';
      readonly rttMs: number | null;
    }
  | {
      readonly name: 'connectivity:path_suspected';
      readonly pathId: number;
      readonly trigger: 'silence' | 'network-changed' | 'peer-moved' | 'transport-lost';
      readonly inFlight: number;
    }
  | {
      readonly name: 'connectivity:path_recovered';
      readonly pathId: number;
      readonly afterMs: number;
    }
  | { readonly name: 'connectivity:path_dropped'; readonly pathId: number }
  | {
      readonly name: 'connectivity:migration_state_updated';
      readonly pathId: number;
      readonly route: number;
      readonly state: 'probing_started' | 'migration_complete';
    }
  | { readonly name: 'connectivity:probe_answered'; readonly route: number; readonly rttMs: number }
  | {
      readonly name: 'recovery:packet_lost';
      readonly pathId: number;
      readonly packetNumber: number;
      readonly trigger: 'reordering_threshold' | 'time_threshold' | 'path_suspected';
    }
  | {
      readonly name: 'recovery:loss_timer_expired';
      readonly pathId: number;
      readonly probes: number;
    };

export interface LoggedEvent {
  readonly timeMs: number;
  readonly event: SessionEvent;
}

/** The newest events of a session. Where none is given, nothing is made and nothing is kept. */
export class EventLog {
  private readonly capacity: number;
  private readonly ring: LoggedEvent[] = [];
  private next = 0;

  /** @param capacity events kept; older ones give way (default 1024). */
  constructor(capacity = 1024) {
    this.capacity = capacity;
  }

  record(timeMs: number, event: SessionEvent): void {
    this.ring[this.next] = { timeMs, event };
    this.next = (this.next + 1) % this.capacity;
  }

  /** Oldest first. */
  entries(): LoggedEvent[] {
    return [...this.ring.slice(this.next), ...this.ring.slice(0, this.next)];
  }
}
