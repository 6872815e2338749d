import fc from 'fast-check';
import { StreamPriority, TransportErrorCode } from '../../../../services/p2p/session';
import type { Stream } from '../../../../services/p2p/session';
import { ByteWriter } from '../../../../services/p2p/session/bytes';
import type { ConnectionIds } from '../../../../services/p2p/session/connection-ids';
import { readFrames, writeFrame } from '../../../../services/p2p/session/frames';
import type { Frame } from '../../../../services/p2p/session/frames';
import { ONE_RTT_HEADER_BYTES, PacketType } from '../../../../services/p2p/session/packet';
import type { PacketProtector } from '../../../../services/p2p/session/packet';
import type { Path } from '../../../../services/p2p/session/path';
import { PROBE_PATH_ID } from '../../../../services/p2p/session/probing';
import { SeededRandom } from '../../../net/seeded-random';
import { SessionPair } from '../../../net/session-pair';
import type { PairOptions } from '../../../net/session-pair';

const HEAD = Uint8Array.from('head of the answer', (char) => char.charCodeAt(0));
const TAG_BYTES = 16;

class Transfer {
  readonly pair: SessionPair;
  /** What the camera has sent. */
  readonly sent: Uint8Array[] = [];

  constructor(options: PairOptions = {}) {
    const pair = new SessionPair(options);
    this.pair = pair;
    const send = pair.down.send.bind(pair.down);
    pair.down.send = (packet) => {
      this.sent.push(packet.slice());
      send(packet);
    };
    pair.start();
    pair.clock.runUntil(() => pair.viewer.connected === 1 && pair.camera.connected === 1, 10_000);
  }

  /** The viewer opens a stream and the camera answers on it, as `answer` says. */
  open(clear: boolean, priority: StreamPriority, answer: (stream: Stream) => void): Received {
    const { pair } = this;
    const stream = pair.viewer.session!.openStream(priority, false)!;
    stream.acceptsClear = clear;
    const received = new Received(stream);
    pair.camera.onStream = (opened) => {
      opened.priority = priority;
      answer(opened);
    };
    stream.write(Uint8Array.of(1));
    pair.clock.runUntil(() => pair.camera.streams.length === this.opened + 1, 10_000);
    this.opened++;
    return received;
  }

  private opened = 0;

  get clearPackets(): Uint8Array[] {
    return this.sent.filter((packet) => packet[0] === PacketType.OneRttClear);
  }

  /** Stream ids and data of the clear packets, as anybody on the way reads them. */
  overheard(): { readonly streamId: number; readonly offset: number; readonly data: Uint8Array }[] {
    return this.clearPackets.flatMap((packet) =>
      readFrames(packet.slice(ONE_RTT_HEADER_BYTES, -TAG_BYTES)).map((frame) => {
        if (frame.type !== 'stream') throw new Error(`a ${frame.type} frame in a clear packet`);
        return frame;
      }),
    );
  }
}

class Received {
  readonly stream: Stream;
  readonly chunks: Uint8Array[] = [];
  endedAt = -1;

  constructor(stream: Stream) {
    this.stream = stream;
    stream.onData = (bytes) => this.chunks.push(bytes);
    stream.onEnd = () => (this.endedAt = Received.ends++);
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  static ends = 0;
}

const answerClear = (body: Uint8Array) => (stream: Stream) => {
  stream.write(HEAD);
  stream.writeClear();
  stream.write(body);
  stream.end();
};

const answerSealed = (body: Uint8Array) => (stream: Stream) => {
  stream.write(HEAD);
  stream.write(body);
  stream.end();
};

const whole = (body: Uint8Array) => Buffer.concat([HEAD, body]);

describe('a clear stream', () => {
  it('sends its head sealed and its body for everybody to read', () => {
    const body = new SeededRandom(1).bytes(50_000);
    const transfer = new Transfer({ down: { delayMs: 20 } });
    const received = transfer.open(true, StreamPriority.Download, answerClear(body));
    transfer.pair.clock.runUntil(() => received.endedAt >= 0, 10_000);
    expect(received.bytes.equals(whole(body))).toBe(true);

    const overheard = transfer.overheard();
    for (const { streamId, offset, data } of overheard) {
      expect(streamId).toBe(received.stream.id);
      expect(offset).toBeGreaterThanOrEqual(HEAD.length);
      const at = offset - HEAD.length;
      expect(Buffer.from(data).equals(body.slice(at, at + data.length))).toBe(true);
    }
    // The sealed packet that holds the head is filled up with the body's first bytes.
    const heard = overheard.reduce((sum, { data }) => sum + data.length, 0);
    expect(heard).toBeGreaterThan(0.9 * body.length);
    const wire = Buffer.concat(transfer.sent);
    expect(wire.includes(Buffer.from(HEAD))).toBe(false);
  });

  it('leaves other streams sealed', () => {
    const random = new SeededRandom(2);
    const [open, secret] = [random.bytes(60_000), random.bytes(60_000)];
    const transfer = new Transfer({ down: { delayMs: 20, rate: 500 } });
    const clear = transfer.open(true, StreamPriority.Download, answerClear(open));
    const sealed = transfer.open(false, StreamPriority.Download, answerSealed(secret));
    transfer.pair.clock.runUntil(() => clear.endedAt >= 0 && sealed.endedAt >= 0, 10_000);
    expect(clear.bytes.equals(whole(open))).toBe(true);
    expect(sealed.bytes.equals(whole(secret))).toBe(true);
    expect(new Set(transfer.overheard().map(({ streamId }) => streamId))).toEqual(
      new Set([clear.stream.id]),
    );
    const wire = Buffer.concat(transfer.sent);
    for (let at = 0; at + 16 <= secret.length; at += 16) {
      expect(wire.includes(Buffer.from(secret.subarray(at, at + 16)))).toBe(false);
    }
  });

  it.each([1, 2])(
    'delivers every byte at 5 %% loss, reordering and duplicates (seed %i)',
    (seed) => {
      const rough = { delayMs: 100, jitterMs: 60, loss: 0.05, duplicate: 0.05 };
      const body = new SeededRandom(seed).bytes(300_000);
      const transfer = new Transfer({ seed, up: rough, down: rough });
      const received = transfer.open(true, StreamPriority.Live, answerClear(body));
      transfer.pair.clock.runUntil(() => received.endedAt >= 0, 60_000);
      expect(received.bytes.equals(whole(body))).toBe(true);
      expect(transfer.pair.down.counters.lost).toBeGreaterThan(0);
      // What was lost is sent in the clear once more, and nothing else slips in.
      expect(transfer.overheard().length).toBeGreaterThan(body.length / 1200);
      expect(transfer.pair.viewer.close).toBeNull();
    },
  );

  it('yields to a sealed stream of higher priority, and the other way round', () => {
    for (const clearFirst of [false, true]) {
      const transfer = new Transfer({ down: { delayMs: 20, rate: 250, queueBytes: 64 * 1024 } });
      const body = new SeededRandom(3).bytes(400_000);
      const small = body.slice(0, 20_000);
      const low = clearFirst
        ? transfer.open(false, StreamPriority.Download, answerSealed(body))
        : transfer.open(true, StreamPriority.Download, answerClear(body));
      transfer.pair.clock.advance(300);
      expect(low.endedAt).toBe(-1);
      const startMs = transfer.pair.clock.nowMs();
      const high = clearFirst
        ? transfer.open(true, StreamPriority.Live, answerClear(small))
        : transfer.open(false, StreamPriority.Live, answerSealed(small));
      transfer.pair.clock.runUntil(() => high.endedAt >= 0, 10_000);
      // 80 ms of its own data, a queue, and a round trip: the other 400 kB take 1.6 s.
      expect(transfer.pair.clock.nowMs() - startMs).toBeLessThan(700);
      expect(low.endedAt).toBe(-1);
      transfer.pair.clock.runUntil(() => low.endedAt >= 0, 10_000);
      expect(low.bytes.equals(whole(body))).toBe(true);
    }
  });

  it('shares with a sealed stream of the same priority', () => {
    const transfer = new Transfer({ down: { delayMs: 20, rate: 250 } });
    const body = new SeededRandom(4).bytes(400_000);
    const clear = transfer.open(true, StreamPriority.Playback, answerClear(body));
    const sealed = transfer.open(false, StreamPriority.Playback, answerSealed(body));
    const half = () => Math.max(clear.bytes.length, sealed.bytes.length) > body.length / 2;
    transfer.pair.clock.runUntil(half, 10_000);
    const ratio = clear.bytes.length / sealed.bytes.length;
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.7);
  });

  it('lets ACKs and windows of the other direction through, sealed', () => {
    const transfer = new Transfer({ up: { delayMs: 10 }, down: { delayMs: 10 } });
    const { pair } = transfer;
    // Beyond stream and session flow control both ways, so that windows must be extended.
    const body = new SeededRandom(5).bytes(3_000_000);
    const uploaded = { length: 0 };
    const received = transfer.open(true, StreamPriority.Live, (stream) => {
      stream.onData = (bytes) => (uploaded.length += bytes.length);
      answerClear(body)(stream);
    });
    received.stream.write(body);
    received.stream.end();
    const over = () => received.endedAt >= 0 && uploaded.length >= body.length;
    pair.clock.runUntil(over, 60_000);
    expect(received.bytes.length).toBe(HEAD.length + body.length);
    expect(pair.viewer.session!.stats.packetsLost).toBe(0);
    expect(transfer.overheard().length).toBeGreaterThan(100);
  });

  it('carries any mix of clear and sealed streams, whatever the network does', () => {
    const stream = fc.record({
      clear: fc.boolean(),
      priority: fc.constantFrom(StreamPriority.Voice, StreamPriority.Live, StreamPriority.Download),
      chunks: fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 5 }),
      pauseMs: fc.nat({ max: 50 }),
    });
    fc.assert(
      fc.property(
        fc.array(stream, { minLength: 1, maxLength: 5 }),
        fc.nat({ max: 1000 }),
        fc.double({ min: 0, max: 0.1, noNaN: true }),
        (plans, seed, loss) => {
          const random = new SeededRandom(seed);
          const link = { delayMs: 20, jitterMs: 20, loss, duplicate: 0.02 };
          const transfer = new Transfer({ seed: seed + 1, up: link, down: link });
          const { clock } = transfer.pair;
          const all = plans.map(({ clear, priority, chunks, pauseMs }) => {
            const parts = chunks.map((length) => random.bytes(length));
            const received = transfer.open(clear, priority, (opened) => {
              opened.write(HEAD);
              if (clear) opened.writeClear();
              parts.forEach((part, i) => clock.setTimer(i * pauseMs, () => opened.write(part)));
              clock.setTimer(parts.length * pauseMs, () => opened.end());
            });
            return { received, clear, expected: whole(Buffer.concat(parts)) };
          });
          clock.runUntil(() => all.every(({ received }) => received.endedAt >= 0), 60_000);
          for (const { received, expected } of all) {
            expect(received.bytes.equals(expected)).toBe(true);
          }
          const clearIds = all
            .filter(({ clear }) => clear)
            .map(({ received }) => received.stream.id);
          for (const { streamId, offset } of transfer.overheard()) {
            expect(clearIds).toContain(streamId);
            expect(offset).toBeGreaterThanOrEqual(HEAD.length);
          }
          expect(transfer.pair.viewer.close).toBeNull();
          expect(transfer.pair.camera.close).toBeNull();
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('an attacker on the way of a clear stream', () => {
  it('changes nothing by flipping, cutting or repeating packets', () => {
    const body = new SeededRandom(6).bytes(30_000);
    const transfer = new Transfer({ down: { delayMs: 5 } });
    const { pair } = transfer;
    const random = new SeededRandom(7);
    const deliver = pair.viewer.receive.bind(pair.viewer);
    pair.viewer.receive = (packet) => {
      for (let i = 0; i < 20; i++) {
        const forged = packet.slice();
        forged[Math.floor(random.next() * forged.length)]! ^= 1 + Math.floor(random.next() * 255);
        deliver(forged);
        deliver(packet.slice(0, Math.floor(random.next() * packet.length)));
      }
      deliver(packet);
      deliver(packet);
    };
    const received = transfer.open(true, StreamPriority.Live, answerClear(body));
    pair.clock.runUntil(() => received.endedAt >= 0, 10_000);
    expect(transfer.clearPackets.length).toBeGreaterThan(10);
    expect(received.bytes.equals(whole(body))).toBe(true);
    for (const packet of transfer.sent) deliver(packet);
    expect(received.bytes.equals(whole(body))).toBe(true);
    expect(pair.viewer.close).toBeNull();
  });
});

interface CameraInside {
  readonly sender: {
    readonly sealing: { readonly protector: PacketProtector; readonly ids: ConnectionIds };
  };
  readonly paths: { readonly active: Path };
}

describe('a peer that breaks the rules of clear packets', () => {
  const violation = {
    kind: 'violation',
    errorCode: TransportErrorCode.ProtocolViolation,
    reason: 'sent in the clear',
  };

  it('is cut off when it sends in the clear what was not asked for', () => {
    const transfer = new Transfer();
    transfer.open(false, StreamPriority.Live, answerClear(new Uint8Array(5000)));
    transfer.pair.clock.runUntil(() => transfer.pair.viewer.close !== null, 1000);
    expect(transfer.pair.viewer.close).toEqual(violation);
  });

  it('is cut off when it opens a stream in the clear', () => {
    const transfer = new Transfer();
    const stream = transfer.pair.viewer.session!.openStream(StreamPriority.Voice, false)!;
    stream.writeClear();
    stream.write(new Uint8Array(100));
    transfer.pair.clock.runUntil(() => transfer.pair.camera.close !== null, 1000);
    expect(transfer.pair.camera.close).toEqual(violation);
  });

  it.each<Frame>([
    { type: 'ping' },
    { type: 'ack', pathId: 0, ranges: [{ start: 0, end: 1 }], delayMs: 0 },
    { type: 'max-data', maximum: 1e9 },
    { type: 'reset-stream', streamId: 0, errorCode: 0, finalSize: 0 },
    { type: 'stop-sending', streamId: 0, errorCode: 0 },
    { type: 'punch-me-now', round: 1 },
    { type: 'connection-close', errorCode: 0, reason: '' },
  ])('is cut off for a $type frame in the clear', (frame) => {
    const transfer = new Transfer();
    transfer.open(true, StreamPriority.Live, (stream) => stream.write(HEAD));
    const inside = transfer.pair.camera.session as unknown as CameraInside;
    const { protector, ids } = inside.sender.sealing;
    const writer = new ByteWriter(new Uint8Array(100));
    writeFrame(writer, frame);
    const { id, packetNumber } = inside.paths.active;
    const clear = protector.seal(ids.remoteOf(id), id, packetNumber, writer.written(), true);
    transfer.pair.viewer.receive(clear);
    expect(transfer.pair.viewer.close).toEqual(violation);
  });

  it('cannot probe in the clear', () => {
    const transfer = new Transfer();
    const inside = transfer.pair.camera.session as unknown as CameraInside;
    const { protector, ids } = inside.sender.sealing;
    const writer = new ByteWriter(new Uint8Array(100));
    writeFrame(writer, { type: 'path-challenge', data: new Uint8Array(8) });
    const id = ids.remoteOf(PROBE_PATH_ID);
    const before = transfer.pair.captured.length;
    transfer.pair.viewer.receive(protector.seal(id, PROBE_PATH_ID, 0, writer.written(), true));
    expect(transfer.pair.captured).toHaveLength(before);
    transfer.pair.viewer.receive(protector.seal(id, PROBE_PATH_ID, 0, writer.written(), false));
    expect(transfer.pair.captured.length).toBeGreaterThan(before);
  });
});
