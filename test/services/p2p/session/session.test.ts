import { StreamPriority, utf8ToBytes, bytesToUtf8 } from '../../../../services/p2p/session';
import type { Stream } from '../../../../services/p2p/session';
import { SeededRandom } from '../../../net/seeded-random';
import { SessionPair } from '../../../net/session-pair';
import type { PairOptions } from '../../../net/session-pair';

/** The worst path of the issue: loss, reordering by jitter, duplicates, 200 ms. */
const ROUGH = { delayMs: 100, jitterMs: 60, loss: 0.05, duplicate: 0.05 };

function collect(stream: Stream): { bytes: number[][]; ended: boolean; reset: number | null } {
  const seen = { bytes: [] as number[][], ended: false, reset: null as number | null };
  stream.onData = (bytes) => seen.bytes.push([...bytes]);
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

describe('Session', () => {
  it('answers a request that rode in the first message after one round trip', () => {
    const pair = new SessionPair({ up: { delayMs: 50 }, down: { delayMs: 50 } });
    pair.camera.onStream = (stream) => {
      stream.onData = (bytes) => {
        stream.write(utf8ToBytes(`echo ${bytesToUtf8(bytes)}`));
        stream.end();
      };
    };
    const stream = pair.viewer.session!.openStream(StreamPriority.Live, true)!;
    const seen = collect(stream);
    stream.write(utf8ToBytes('hello'));
    stream.end();
    pair.start();
    pair.clock.runUntil(() => seen.ended, 101);
    expect(bytesToUtf8(Uint8Array.from(seen.bytes.flat()))).toBe('echo hello');
  });

  it.each([1, 2, 3, 4, 5])(
    'delivers every byte in order and once at 5 %% loss, reordering, duplicates and 200 ms (seed %i)',
    (seed) => {
      const pair = connected({ seed, up: ROUGH, down: ROUGH });
      const payload = new SeededRandom(seed).bytes(400_000);
      const seen: ReturnType<typeof collect>[] = [];
      pair.camera.onStream = (stream) => seen.push(collect(stream));
      const streams = [0, 1, 2].map(() => pair.viewer.session!.openStream(StreamPriority.Live, false)!);
      streams.forEach((stream) => {
        stream.write(payload);
        stream.end();
      });
      pair.clock.runUntil(() => seen.length === 3 && seen.every((s) => s.ended), 60_000);
      for (const stream of seen) {
        expect(Buffer.from(stream.bytes.flat()).equals(Buffer.from(payload))).toBe(true);
      }
      expect(pair.up.counters.lost).toBeGreaterThan(0);
    },
  );
});
