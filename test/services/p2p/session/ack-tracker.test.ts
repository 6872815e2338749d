import fc from 'fast-check';
import { AckTracker, MAX_ACK_DELAY_MS } from '../../../../services/p2p/session/ack-tracker';

describe('AckTracker (RFC 9000 §13.2)', () => {
  it('answers every second packet at once and a single one after the delay', () => {
    const acks = new AckTracker();
    acks.onPacket(0, true, 0);
    expect(acks.nextTimeoutMs()).toBe(MAX_ACK_DELAY_MS);
    acks.onPacket(1, true, 5);
    expect(acks.nextTimeoutMs()).toBe(5);
  });

  it('answers every tenth packet once the sender is well under way, and never later than the delay', () => {
    const acks = new AckTracker();
    let number = 0;
    const receive = (count: number, nowMs: number) => {
      for (let i = 0; i < count; i++) acks.onPacket(number++, true, nowMs);
    };
    receive(100, 0);
    acks.takeAck(0);
    receive(1, 10);
    receive(8, 12);
    expect(acks.nextTimeoutMs()).toBe(10 + MAX_ACK_DELAY_MS);
    receive(1, 13);
    expect(acks.nextTimeoutMs()).toBe(13);
  });

  it('gives a gap a moment to close where packets overtake each other', () => {
    const acks = new AckTracker();
    for (const packetNumber of [0, 2, 1]) acks.onPacket(packetNumber, true, 0);
    acks.takeAck(0);
    acks.onPacket(4, true, 100);
    expect(acks.nextTimeoutMs()).toBeGreaterThan(100);
    expect(acks.nextTimeoutMs()).toBeLessThan(100 + MAX_ACK_DELAY_MS);
    acks.takeAck(105);
    acks.onPacket(6, true, 5000);
    expect(acks.nextTimeoutMs()).toBe(5000);
  });

  it('answers a gap at once', () => {
    const acks = new AckTracker();
    acks.onPacket(0, true, 0);
    acks.takeAck(0);
    acks.onPacket(2, true, 7);
    expect(acks.nextTimeoutMs()).toBe(7);
  });

  it('owes nothing for packets that only acknowledge', () => {
    const acks = new AckTracker();
    acks.onPacket(0, false, 0);
    expect(acks.nextTimeoutMs()).toBeNull();
  });

  it('knows duplicates, also among late packets', () => {
    const acks = new AckTracker();
    acks.onPacket(5, true, 0);
    expect(acks.isDuplicate(5)).toBe(true);
    expect(acks.isDuplicate(3)).toBe(false);
  });

  it('leaves out what the peer knows, and still tells duplicates', () => {
    const acks = new AckTracker();
    acks.onPacket(0, true, 0);
    acks.onPacket(2, true, 0);
    acks.takeAck(0);
    acks.onAckAcknowledged(2);
    acks.onPacket(4, true, 1);
    expect(acks.takeAck(1)?.ranges).toEqual([{ start: 4, end: 5 }]);
    expect(acks.isDuplicate(1)).toBe(false);
    expect(acks.isDuplicate(2)).toBe(true);
  });

  it('answers a packet that comes late although the peer knows of all after it', () => {
    const acks = new AckTracker();
    acks.onPacket(0, true, 0);
    acks.onPacket(2, true, 0);
    acks.takeAck(0);
    acks.onAckAcknowledged(2);
    acks.onPacket(1, true, 5);
    expect(acks.nextTimeoutMs()).toBe(9);
    expect(acks.takeAck(9)?.ranges).toEqual([{ start: 0, end: 3 }]);
    expect(acks.nextTimeoutMs()).toBeNull();
  });

  it('owes no ACK that it cannot give, in whatever order packets and their acknowledgements come', () => {
    const step = fc.oneof(
      fc.record({ packet: fc.nat({ max: 40 }), eliciting: fc.boolean() }),
      fc.record({ acknowledged: fc.nat({ max: 40 }) }),
      fc.constant('take' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const acks = new AckTracker();
        for (const one of steps) {
          if (one === 'take') acks.takeAck(0);
          else if ('acknowledged' in one) acks.onAckAcknowledged(one.acknowledged);
          else if (!acks.isDuplicate(one.packet)) acks.onPacket(one.packet, one.eliciting, 0);
        }
        const owed = acks.nextTimeoutMs() !== null;
        if (owed) expect(acks.takeAck(0)).not.toBeNull();
        expect(acks.nextTimeoutMs()).toBeNull();
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps a bounded number of ranges and drops what lies below them', () => {
    const acks = new AckTracker();
    for (let i = 0; i < 10_000; i++) acks.onPacket(2 * i, true, i);
    expect(acks.takeAck(10_000)!.ranges.length).toBeLessThanOrEqual(256);
    expect(acks.isDuplicate(1)).toBe(true);
  });
});
