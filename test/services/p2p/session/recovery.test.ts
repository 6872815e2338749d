import { Recovery } from '../../../../services/p2p/session/recovery';
import type { SentPacket } from '../../../../services/p2p/session/sent-packet';
import { TransportError } from '../../../../services/p2p/session/transport-error';

function packet(packetNumber: number, sentAtMs: number): SentPacket {
  return {
    packetNumber,
    sentAtMs,
    bytes: 100,
    ackEliciting: true,
    frames: [],
    delivered: 0,
    deliveredAtMs: 0,
    firstSentAtMs: 0,
    appLimited: false,
  };
}

const numbers = (packets: readonly SentPacket[]) => packets.map((one) => one.packetNumber);

describe('Recovery (RFC 9002)', () => {
  it('takes a round-trip sample from the newest acknowledged packet', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onSent(packet(1, 10));
    const result = recovery.onAck([{ start: 0, end: 2 }], 0, 60);
    expect(numbers(result.acknowledged)).toEqual([0, 1]);
    expect(result.rttMs).toBe(50);
    expect(recovery.bytesInFlight).toBe(0);
  });

  it('declares a packet lost once three later ones arrived (§6.1.1)', () => {
    const recovery = new Recovery();
    for (let i = 0; i < 4; i++) recovery.onSent(packet(i, 0));
    expect(numbers(recovery.onAck([{ start: 1, end: 3 }], 0, 50).lost)).toEqual([]);
    expect(numbers(recovery.onAck([{ start: 1, end: 4 }], 0, 50).lost)).toEqual([0]);
  });

  it('declares a packet lost when it is later than its successors by the reordering window', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onSent(packet(1, 0));
    expect(recovery.onAck([{ start: 1, end: 2 }], 0, 80).lost).toEqual([]);
    // A round trip of 80 ms and an eighth of it (§6.1.2), since nothing has been reordered yet.
    expect(recovery.nextTimeoutMs()).toBe(90);
    expect(numbers(recovery.onTimeout(90).lost)).toEqual([0]);
  });

  it('waits longer once it was wrong, and no longer counts packets (RFC 8985)', () => {
    const recovery = new Recovery();
    for (let i = 0; i < 5; i++) recovery.onSent(packet(i, 0));
    expect(numbers(recovery.onAck([{ start: 1, end: 4 }], 0, 80).lost)).toEqual([0]);
    recovery.onAck([{ start: 0, end: 4 }], 0, 85);
    expect(recovery.spuriousLosses).toBe(1);
    for (let i = 5; i < 10; i++) recovery.onSent(packet(i, 100));
    expect(recovery.onAck([{ start: 6, end: 10 }], 0, 180).lost).toEqual([packet(4, 0)]);
    // Two quarters of 80 ms now, counted from the newest round trip.
    expect(recovery.nextTimeoutMs()).toBe(100 + 80 + 40);
  });

  it('probes the tail after two round trips, however much they vary (RFC 8985 §7.2)', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onAck([{ start: 0, end: 1 }], 0, 100);
    for (let i = 1; i < 3; i++) recovery.onSent(packet(i, 200));
    expect(recovery.nextTimeoutMs()).toBe(200 + 2 * 100 + 5);
  });

  it('probes the tail of a flight although the next flight has left', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onAck([{ start: 0, end: 1 }], 0, 100);
    for (let i = 1; i < 5; i++) recovery.onSent(packet(i, 200));
    recovery.onIdle();
    for (let i = 5; i < 9; i++) recovery.onSent(packet(i, 240));
    expect(recovery.nextTimeoutMs()).toBe(200 + 2 * 100 + 5);
    // All but the flight's last packet arrive: one probe, of what is left of it.
    recovery.onAck([{ start: 1, end: 4 }], 0, 300);
    const dueMs = recovery.nextTimeoutMs()!;
    expect(dueMs).toBeLessThan(240 + 2 * 100);
    expect(recovery.onTimeout(dueMs)).toEqual({ lost: [], probes: 1 });
    expect(numbers(recovery.oldest(1))).toEqual([4]);
    // The flight has had its probe: what comes next is the newest flight's own timeout.
    recovery.onAck([{ start: 5, end: 6 }], 0, dueMs + 1);
    expect(recovery.nextTimeoutMs()).toBeGreaterThan(dueMs);
  });

  it('takes what it sends without a pause for one flight', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onAck([{ start: 0, end: 1 }], 0, 100);
    for (let i = 1; i < 9; i++) recovery.onSent(packet(i, 200 + 10 * i));
    expect(recovery.nextTimeoutMs()).toBe(280 + 2 * 100 + 5);
  });

  it('probes with back-off when nothing comes back, but never more rarely than every 2 s', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    const waits: number[] = [];
    let nowMs = 0;
    for (let i = 0; i < 5; i++) {
      const due = recovery.nextTimeoutMs()!;
      waits.push(due - nowMs);
      nowMs = due;
      expect(recovery.onTimeout(nowMs).probes).toBe(2);
    }
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    expect(waits.at(-1)).toBe(2000);
  });

  it('treats an ACK of what was never sent as a violation', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    expect(() => recovery.onAck([{ start: 5, end: 6 }], 0, 1)).toThrow(TransportError);
  });

  it('ignores an ACK that tells nothing new', () => {
    const recovery = new Recovery();
    recovery.onSent(packet(0, 0));
    recovery.onAck([{ start: 0, end: 1 }], 0, 10);
    expect(recovery.onAck([{ start: 0, end: 1 }], 0, 20)).toEqual({
      acknowledged: [],
      lost: [],
      rttMs: null,
    });
  });
});
