import fc from 'fast-check';
import { decodeUtf8, encodeUtf8 } from '../../../../services/encoding';
import { PacketType, StreamPriority, TransportErrorCode } from '../../../../services/p2p/session';
import type { Stream, Session } from '../../../../services/p2p/session';
import { SeededRandom } from '../../../net/seeded-random';
import { SessionPair } from '../../../net/session-pair';
import type { PairOptions } from '../../../net/session-pair';

/** The worst path of the kit's promise: loss, reordering by jitter, duplicates, 200 ms and more. */
const ROUGH = { delayMs: 100, jitterMs: 60, loss: 0.05, duplicate: 0.05 };

interface Seen {
  readonly bytes: number[];
  ended: boolean;
  reset: number | null;
}

function collect(stream: Stream): Seen {
  const seen: Seen = { bytes: [], ended: false, reset: null };
  stream.onData = (bytes) => {
    for (const byte of bytes) seen.bytes.push(byte);
  };
  stream.onEnd = () => {
    seen.ended = true;
  };
  stream.onReset = (code) => {
    seen.reset = code;
  };
  return seen;
}

function connected(options: PairOptions = {}): SessionPair {
  const pair = new SessionPair(options);
  pair.start();
  pair.clock.runUntil(() => pair.viewer.connected === 1 && pair.camera.connected === 1, 10_000);
  return pair;
}

function expectBytes(seen: Seen, expected: Uint8Array): void {
  expect(Buffer.from(seen.bytes).equals(Buffer.from(expected))).toBe(true);
}

describe('Session', () => {
  it('answers a request that rode in the first message after one round trip', () => {
    const pair = new SessionPair({ up: { delayMs: 50 }, down: { delayMs: 50 } });
    pair.camera.onStream = (stream) => {
      stream.onData = (bytes) => {
        stream.write(encodeUtf8(`echo ${decodeUtf8(bytes)}`));
        stream.end();
      };
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, true)!;
    const seen = collect(stream);
    stream.write(encodeUtf8('hello'));
    stream.end();
    pair.start();
    pair.clock.runUntil(() => seen.ended, 101);
    expect(decodeUtf8(Uint8Array.from(seen.bytes))).toBe('echo hello');
  });

  it('delivers an early request once, although message 1 arrives many times', () => {
    const pair = new SessionPair({ up: { duplicate: 1 }, down: { delayMs: 400 } });
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, true)!;
    stream.write(encodeUtf8('once'));
    const seen: Seen[] = [];
    pair.camera.onStream = (opened) => seen.push(collect(opened));
    pair.start();
    pair.clock.runUntil(() => pair.viewer.connected === 1, 5000);
    pair.clock.advance(2000);
    expect(seen).toHaveLength(1);
    expect(decodeUtf8(Uint8Array.from(seen[0]!.bytes))).toBe('once');
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'delivers every byte in order and once at 5 %% loss, reordering, duplicates and 200 ms (seed %i)',
    (seed) => {
      const pair = connected({ seed, up: ROUGH, down: ROUGH });
      const payload = new SeededRandom(seed).bytes(300_000);
      const up: Seen[] = [];
      pair.camera.onStream = (stream) => {
        up.push(collect(stream));
        stream.write(payload);
        stream.end();
      };
      const down = [0, 1, 2].map(() => {
        const stream = pair.viewer.session!.openStream(StreamPriority.Live, false)!;
        const seen = collect(stream);
        stream.write(payload);
        stream.end();
        return seen;
      });
      const over = () => up.length === 3 && [...up, ...down].every((seen) => seen.ended);
      pair.clock.runUntil(over, 120_000);
      for (const seen of [...up, ...down]) expectBytes(seen, payload);
      expect(pair.up.counters.lost).toBeGreaterThan(0);
      expect(pair.down.counters.lost).toBeGreaterThan(0);
    },
  );

  it('fills a narrow link without overrunning its queue', () => {
    // 2 Mbit/s, 40 ms, a queue of 64 KiB.
    const down = { delayMs: 20, rate: 250, queueBytes: 64 * 1024 };
    const pair = connected({ up: { delayMs: 20 }, down });
    const payload = new SeededRandom(1).bytes(1_500_000);
    pair.camera.onStream = (stream) => {
      stream.write(payload);
      stream.end();
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Download, false)!;
    const seen = collect(stream);
    stream.write(Uint8Array.of(1));
    const startMs = pair.clock.nowMs();
    pair.clock.runUntil(() => seen.ended, 60_000);
    expectBytes(seen, payload);
    const rate = payload.length / (pair.clock.nowMs() - startMs);
    expect(rate).toBeGreaterThan(0.8 * 250);
    expect(pair.down.counters.overflowed / pair.down.counters.sent).toBeLessThan(0.05);
  });

  it('stops sending while all that waits is beyond the peer’s limits', () => {
    const pair = connected({ up: { delayMs: 10 }, down: { delayMs: 10 } });
    const payload = new Uint8Array(3_000_000);
    const ends = new Set<string>();
    let received = 0;
    pair.camera.onStream = (stream) => {
      stream.onData = (bytes) => (received += bytes.length);
      stream.onEnd = () => ends.add('up');
      stream.write(payload);
      stream.end();
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Download, false)!;
    stream.onEnd = () => ends.add('down');
    stream.write(payload);
    stream.end();
    pair.clock.runUntil(() => ends.size === 2, 60_000);
    expect(received).toBe(payload.length);
    // An ACK for every other packet, and some.
    const { packetsSent } = pair.viewer.session!.stats;
    expect(packetsSent).toBeLessThan((2 * payload.length) / 1100);
  });

  it('waits for a reader that pauses, its own end still to be sent, and goes on after', () => {
    const pair = connected({ up: { delayMs: 10 }, down: { delayMs: 10 } });
    const payload = new Uint8Array(3_000_000);
    pair.camera.onStream = (stream) => {
      stream.write(payload);
      stream.end();
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Download, false)!;
    let received = 0;
    let ended = false;
    stream.onData = (bytes) => (received += bytes.length);
    stream.onEnd = () => (ended = true);
    stream.write(encodeUtf8('go'));
    stream.end();
    stream.pause();
    pair.clock.advance(10_000);
    expect(received).toBe(2 * 1024 * 1024);
    const { packetsSent } = pair.camera.session!.stats;
    pair.clock.advance(10_000);
    expect(pair.camera.session!.stats.packetsSent - packetsSent).toBeLessThan(20);
    stream.resume();
    pair.viewer.session!.ping();
    pair.clock.runUntil(() => ended, 60_000);
    expect(received).toBe(payload.length);
  });

  it('lets a command overtake a download on a narrow link', () => {
    const down = { delayMs: 20, rate: 125, queueBytes: 32 * 1024 };
    const pair = connected({ up: { delayMs: 20 }, down });
    pair.camera.onStream = (stream) => {
      stream.onData = (bytes) => {
        stream.priority = bytes[0] === 1 ? StreamPriority.Download : StreamPriority.Command;
        stream.write(new Uint8Array(bytes[0] === 1 ? 2_000_000 : 100));
        stream.end();
      };
    };
    const ask = (kind: number) => {
      const stream = pair.viewer.session!.openStream(StreamPriority.Command, false)!;
      const seen = collect(stream);
      stream.write(Uint8Array.of(kind));
      return seen;
    };
    const download = ask(1);
    pair.clock.advance(3000);
    const command = ask(2);
    pair.clock.runUntil(() => command.ended, 600);
    expect(download.ended).toBe(false);
  });

  it('keeps at most the high-water mark unsent and says when there is room again', () => {
    const pair = connected({ down: { delayMs: 10, rate: 100 } });
    let stream: Stream | null = null;
    pair.camera.onStream = (opened) => {
      stream = opened;
    };
    pair.viewer.session!.openStream(StreamPriority.Live, false)!.write(Uint8Array.of(1));
    pair.clock.runUntil(() => stream !== null, 1000);
    let drained = 0;
    stream!.onDrain = () => {
      drained++;
    };
    while (stream!.write(new Uint8Array(10_000)));
    expect(stream!.bufferedBytes()).toBeLessThan(300_000);
    pair.clock.runUntil(() => drained === 1, 10_000);
    expect(stream!.write(Uint8Array.of(1))).toBe(true);
  });

  it('carries a reset to the reader and a stop to the writer', () => {
    const pair = connected({ up: { delayMs: 5 }, down: { delayMs: 5 } });
    let stopped: number | null = null;
    let camera: Seen | null = null;
    pair.camera.onStream = (stream) => {
      camera = collect(stream);
      stream.onStopped = (code) => {
        stopped = code;
      };
      stream.write(new Uint8Array(1000));
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, false)!;
    stream.write(Uint8Array.of(1));
    pair.clock.advance(100);
    stream.stopSending(7);
    stream.reset(8);
    pair.clock.runUntil(() => stopped !== null && camera?.reset !== null, 1000);
    expect(stopped).toBe(7);
    expect(camera!.reset).toBe(8);
  });

  it('forgets a stream that is given up while a piece of it is missing', () => {
    const pair = connected({ up: { delayMs: 5 }, down: { delayMs: 5 } });
    let packets = 0;
    pair.camera.onStream = (stream) => {
      // The first packet of the answer is lost.
      pair.down.impairment = { delayMs: 5, loss: 1 };
      stream.write(new Uint8Array(1000));
      pair.clock.setTimer(1, () => {
        pair.down.impairment = { delayMs: 5 };
        stream.write(new Uint8Array(5000));
        stream.end();
      });
    };
    const { session } = pair.viewer;
    const stream = session!.openStream(StreamPriority.Live, false)!;
    stream.onData = () => packets++;
    stream.write(Uint8Array.of(1));
    stream.end();
    pair.clock.advance(14);
    expect(packets).toBe(0);
    expect(stream.waiting).toBeGreaterThan(0);
    stream.stopSending(1);
    pair.clock.advance(2000);
    const { streams } = session as unknown as { streams: { all(): Iterable<Stream> } };
    expect([...streams.all()]).toEqual([]);
  });

  it('tells both sides when one closes', () => {
    const pair = connected({ up: { delayMs: 5 }, down: { delayMs: 5 } });
    const seen = collect(pair.viewer.session!.openStream(StreamPriority.Live, false)!);
    pair.viewer.session!.close(TransportErrorCode.NoError, 'bye');
    pair.clock.runUntil(() => pair.camera.close !== null, 1000);
    expect(pair.viewer.close).toEqual({ kind: 'local' });
    expect(pair.camera.close).toEqual({ kind: 'peer', errorCode: 0, reason: 'bye' });
    expect(seen.reset).toBe(0);
  });

  it('ends after 30 s of silence, and stays for as long as the peer speaks', () => {
    const pair = connected({ up: { delayMs: 5 }, down: { delayMs: 5 } });
    pair.clock.advance(120_000);
    expect(pair.viewer.close).toBeNull();
    expect(pair.camera.close).toBeNull();
    pair.up.impairment = { loss: 1 };
    pair.clock.advance(31_000);
    expect(pair.viewer.close).toEqual({ kind: 'idle' });
    expect(pair.camera.close).toEqual({ kind: 'idle' });
  });

  it('goes on where it was after the path was away for a while', () => {
    const pair = connected({ up: { delayMs: 20 }, down: { delayMs: 20, rate: 100 } });
    const payload = new SeededRandom(3).bytes(400_000);
    pair.camera.onStream = (stream) => {
      stream.write(payload);
      stream.end();
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, false)!;
    const seen = collect(stream);
    stream.write(Uint8Array.of(1));
    pair.clock.advance(500);
    pair.up.impairment = { loss: 1 };
    pair.down.impairment = { loss: 1 };
    pair.clock.advance(15_000);
    const before = seen.bytes.length;
    pair.up.impairment = { delayMs: 20 };
    pair.down.impairment = { delayMs: 20, rate: 100 };
    pair.clock.runUntil(() => seen.ended, 20_000);
    expect(before).toBeLessThan(payload.length);
    expectBytes(seen, payload);
  });
});

describe('a handshake', () => {
  it('is refused, and says so, when the access secret is wrong', () => {
    const pair = new SessionPair({ viewerSecret: new Uint8Array(16) });
    pair.start();
    pair.clock.runUntil(() => pair.viewer.close !== null, 100);
    expect(pair.viewer.close).toMatchObject({
      kind: 'refused',
      errorCode: TransportErrorCode.AccessDenied,
    });
    expect(pair.camera.session).toBeNull();
  });

  it.each([-3_600_000, 3_600_000, -86_400_000 * 365 * 20])(
    'succeeds with a clock that is off by %i ms',
    (viewerClockOffsetMs) => {
      const pair = connected({ viewerClockOffsetMs, up: { delayMs: 10 }, down: { delayMs: 10 } });
      expect(pair.viewer.close).toBeNull();
      expect(pair.clock.nowMs()).toBeLessThan(100);
    },
  );

  it('gives up after 10 s without an answer', () => {
    const pair = new SessionPair({ up: { loss: 1 } });
    pair.start();
    pair.clock.runUntil(() => pair.viewer.close !== null, 10_000);
    expect(pair.viewer.close).toEqual({ kind: 'handshake-timeout', answered: false });
  });

  it('does not end when somebody forges answers', () => {
    const pair = new SessionPair({ up: { delayMs: 30 }, down: { delayMs: 30 } });
    pair.start();
    const { localConnectionId } = pair.viewer.session!;
    for (const type of [PacketType.Handshake, PacketType.Refusal, PacketType.OneRtt]) {
      const forged = new Uint8Array(200);
      forged[0] = type;
      forged.set(localConnectionId, 1);
      pair.viewer.receive(forged);
    }
    pair.clock.runUntil(() => pair.viewer.connected === 1, 5000);
    expect(pair.viewer.close).toBeNull();
  });

  it('opens no second session from a message 1 that is played back', () => {
    const pair = connected();
    const initial = pair.captured[0]!;
    const again = pair.acceptor.accept(initial, pair.clock.wallMs(), true);
    expect(again.kind).toBe('repeated');
    pair.clock.advance(10 * 60_000);
    const late = pair.acceptor.accept(initial, pair.clock.wallMs(), true);
    expect(late.kind === 'refused' || late.kind === 'repeated').toBe(true);
  });

  it('is refused while the camera is full', () => {
    const pair = connected();
    const second = new SessionPair({ seed: 9 });
    second.camera.session = pair.camera.session;
    second.start();
    second.clock.runUntil(() => second.viewer.close !== null, 1000);
    expect(second.viewer.close).toMatchObject({
      kind: 'refused',
      errorCode: TransportErrorCode.TooManySessions,
    });
  });
});

describe('a hostile peer', () => {
  it('changes nothing with truncated, flipped or repeated packets', () => {
    const pair = connected({ seed: 4 });
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, false)!;
    const seen: Seen[] = [];
    pair.camera.onStream = (opened) => seen.push(collect(opened));
    stream.write(encodeUtf8('genuine'));
    pair.clock.advance(100);
    const packets = pair.captured.filter((packet) => packet[0] === PacketType.OneRtt);
    fc.assert(
      fc.property(
        fc.nat({ max: packets.length - 1 }),
        fc.nat(),
        fc.nat({ max: 1199 }),
        fc.boolean(),
        (index, bit, length, flip) => {
          const packet = packets[index]!.slice(0, flip ? undefined : length);
          if (flip) packet[(bit >> 3) % packet.length]! ^= 1 << (bit & 7);
          pair.onCameraPacket(packet);
          pair.onCameraPacket(packets[index]!);
        },
      ),
      { numRuns: 500 },
    );
    pair.clock.advance(100);
    expect(pair.camera.close).toBeNull();
    expect(seen).toHaveLength(1);
    expect(decodeUtf8(Uint8Array.from(seen[0]!.bytes))).toBe('genuine');
  });

  it('costs a stranger’s packets nothing but a look', () => {
    const pair = new SessionPair();
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 1300 }),
        fc.integer({ min: 0, max: 6 }),
        (bytes, type) => {
          const packet = Uint8Array.of(type, ...bytes);
          expect(pair.acceptor.accept(packet, pair.clock.wallMs(), true).kind).toBe('dropped');
          pair.onCameraPacket(packet);
        },
      ),
      { numRuns: 300 },
    );
    expect(pair.camera.session).toBeNull();
  });

  it('may open and end streams one after the other for ever, in bounded memory', () => {
    const pair = connected();
    pair.camera.onStream = (stream) => {
      stream.end();
    };
    let opened = 0;
    const open = () => {
      for (;;) {
        const stream = pair.viewer.session!.openStream(StreamPriority.Command, false);
        if (stream === null) return;
        opened++;
        stream.end();
      }
    };
    // Far more than may be open at once: what is kept must not grow with the number.
    while (opened < 5000) {
      open();
      pair.clock.advance(5);
    }
    pair.clock.advance(1000);
    expect(openStreams(pair.camera.session!)).toBe(0);
    expect(openStreams(pair.viewer.session!)).toBe(0);
    expect(pair.camera.close).toBeNull();
  });

  it('is cut off when it opens more streams than it may have open', () => {
    const pair = connected();
    const streams = viewerStreams(pair.viewer.session!);
    // As a peer would that does not keep to the limit.
    streams.onMaxStreams(1_000_000);
    for (let i = 0; i < 100_000; i++) {
      pair.viewer.session!.openStream(StreamPriority.Command, false)!.write(Uint8Array.of(1));
    }
    pair.clock.runUntil(() => pair.camera.close !== null, 10_000);
    expect(pair.camera.close).toMatchObject({
      kind: 'violation',
      errorCode: TransportErrorCode.StreamLimitError,
    });
    expect(pair.camera.streams.length).toBeLessThanOrEqual(64);
  });
});

interface SessionInside {
  readonly streams: { readonly open: Map<number, Stream>; onMaxStreams(maximum: number): void };
}

/** The session's table of streams: what a hostile peer would like to see grow. */
function viewerStreams(session: Session): SessionInside['streams'] {
  return (session as unknown as SessionInside).streams;
}

function openStreams(session: Session): number {
  return viewerStreams(session).open.size;
}
