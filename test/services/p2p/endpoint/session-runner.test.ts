import { SessionRunner } from '../../../../services/p2p/endpoint/session-runner';
import type { Session } from '../../../../services/p2p/session';
import { VirtualClock } from '../../../net/virtual-clock';

/** A session that has nothing to send and whose timer is what the test says. */
class IdleSession {
  dueMs: number | null = null;
  readonly timeouts: number[] = [];
  nextPacket = () => null;
  nextTimeoutMs = () => this.dueMs;
  close = () => undefined;

  onTimeout = (nowMs: number): void => {
    if (this.dueMs === null || nowMs < this.dueMs) return;
    this.timeouts.push(nowMs);
    this.dueMs = null;
  };
}

function setUp() {
  const clock = new VirtualClock();
  const session = new IdleSession();
  let timersSet = 0;
  const runner = new SessionRunner({
    session: session as unknown as Session,
    clock: {
      nowMs: () => clock.nowMs(),
      wallMs: () => clock.wallMs(),
      setTimer: (delayMs, callback) => {
        timersSet++;
        return clock.setTimer(delayMs, callback);
      },
    },
    send: () => undefined,
    canSend: () => true,
    onInternalError: (error) => {
      throw error;
    },
  });
  const dueAt = (dueMs: number | null) => {
    session.dueMs = dueMs;
    runner.wake();
  };
  return { clock, session, runner, dueAt, timersSet: () => timersSet };
}

describe('SessionRunner', () => {
  it('sets no timer for a time that only moves away, and still keeps it', () => {
    const { clock, session, dueAt, timersSet } = setUp();
    for (let i = 0; i < 50; i++) {
      dueAt(clock.nowMs() + 100);
      clock.advance(1);
    }
    expect(timersSet()).toBe(1);
    clock.advance(1000);
    expect(session.timeouts).toEqual([149]);
    expect(timersSet()).toBe(2);
  });

  it('is on time when the time comes closer', () => {
    const { clock, session, dueAt } = setUp();
    dueAt(1000);
    dueAt(10);
    clock.advance(20);
    expect(session.timeouts).toEqual([10]);
  });

  it('has no timer left once nothing is due, or it was stopped', () => {
    const { clock, session, runner, dueAt } = setUp();
    dueAt(50);
    dueAt(null);
    clock.advance(100);
    dueAt(150);
    runner.stop();
    clock.advance(100);
    expect(session.timeouts).toEqual([]);
  });
});
