import type { Clock } from '../../host';
import { EventLog } from '../session';
import { badParameter } from './module-errors';
import { toQlog } from './qlog';

const DEFAULT_EVENTS = 1024;
const MAX_EVENTS = 65_536;
/** Services whose events are kept, also after their end. */
const MAX_SERVICES = 8;

/** The events of the newest services, where the app wants them kept. */
export class EventLogs {
  private readonly clock: Clock;
  private capacity = 0;
  /** Oldest first. */
  private readonly logs = new Map<string, EventLog>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @throws IotError -2000. */
  set(events: boolean | number): void {
    const capacity = typeof events === 'boolean' ? Number(events) * DEFAULT_EVENTS : events;
    if (!Number.isInteger(capacity) || capacity < 0 || capacity > MAX_EVENTS) {
      throw badParameter('init', 'events', `a boolean, or a whole number up to ${MAX_EVENTS}`);
    }
    this.capacity = capacity;
  }

  /** The log of a service that begins; undefined while none are kept. */
  begin(id: string): EventLog | undefined {
    this.logs.delete(id);
    if (this.capacity === 0) return undefined;
    const log = new EventLog(this.capacity);
    this.logs.set(id, log);
    for (const oldest of this.logs.keys()) {
      if (this.logs.size <= MAX_SERVICES) break;
      this.logs.delete(oldest);
    }
    return log;
  }

  export(id: string): string | undefined {
    const log = this.logs.get(id);
    if (log === undefined) return undefined;
    const wallAtZeroMs = this.clock.wallMs() - this.clock.nowMs();
    return toQlog(log.entries(), { title: id, wallAtZeroMs });
  }

  clear(): void {
    this.logs.clear();
  }
}
