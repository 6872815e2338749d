import fc from 'fast-check';
import { IotError } from '../../../services/errors';
import { downloadQueue, EMPTY_QUEUE } from '../../../services/downloads/download-queue';
import type {
  DownloadQueueEvent,
  DownloadQueueState,
} from '../../../services/downloads/download-queue';
import { decodeQueue, encodeQueue } from '../../../services/downloads/queue-codec';
import type { DownloadItem } from '../../../services/downloads';

const error = (retryable: boolean): IotError =>
  new IotError({
    code: -2701,
    phase: 'download',
    reason: 'connection-lost',
    message: '',
    retryable,
  });

const id = fc.constantFrom('a/1', 'a/2', 'a/3', 'b/1', 'b/2');
const attempt = fc.nat(12);
const item = id.map((name): DownloadItem => ({
  id: name,
  deviceId: name.slice(0, 1),
  channel: 0,
  file: { name, sizeBytes: 10, type: '0', startS: null, endS: null, sha256: null },
  storedName: `${name.replace('/', '-')}.flv`,
  storedBytes: 0,
  sizeBytes: 10,
  failures: 0,
  phase: { kind: 'queued' },
}));

const event: fc.Arbitrary<DownloadQueueEvent> = fc.oneof(
  fc.record({
    type: fc.constant('devices' as const),
    ids: fc.subarray(['a', 'b']).map((ids) => new Set(ids)),
  }),
  fc.record({ type: fc.constant('add' as const), items: fc.array(item, { maxLength: 3 }) }),
  fc.record({ type: fc.constantFrom('remove', 'pause', 'resume', 'due'), id }),
  fc.record({ type: fc.constant('move' as const), id, to: fc.integer() }),
  fc.constant({ type: 'wake' as const }),
  fc.record({ type: fc.constant('stored' as const), id, attempt, storedBytes: fc.nat(10) }),
  fc.record({ type: fc.constant('finished' as const), id, attempt }),
  fc.record({
    type: fc.constant('failed' as const),
    ...{ id, attempt, error: fc.boolean().map(error) },
  }),
);

describe('downloadQueue', () => {
  it('never leaves a transfer or a timer behind, and runs one file per camera', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        let state: DownloadQueueState = EMPTY_QUEUE;
        const running = new Map<string, number>();
        const timers = new Set<string>();
        events.forEach((each, i) => {
          if (each.type === 'due') timers.delete(each.id);
          if (
            'attempt' in each &&
            running.get(each.id) === each.attempt &&
            each.type !== 'stored'
          ) {
            running.delete(each.id);
          }
          const next = downloadQueue(state, each, { nowMs: i * 1_000, jitter: 0.5 });
          state = next.state;
          for (const effect of next.effects) {
            if (effect.type === 'start') {
              expect(running.has(effect.id)).toBe(false);
              running.set(effect.id, effect.attempt);
            } else if (effect.type === 'stop') running.delete(effect.id);
            else if (effect.type === 'setTimer') timers.add(effect.id);
            else if (effect.type === 'clearTimer') timers.delete(effect.id);
          }
          const inState = state.items.filter(({ phase }) => phase.kind === 'running');
          expect([...running.keys()].sort()).toEqual(inState.map((one) => one.id).sort());
          const waiting = state.items.filter(({ phase }) => phase.kind === 'waiting');
          expect([...timers].sort()).toEqual(waiting.map((one) => one.id).sort());
          const devices = inState.map(({ deviceId }) => deviceId);
          expect(new Set(devices).size).toBe(devices.length);
          for (const device of devices) expect(state.devices.has(device)).toBe(true);
          // Whoever can run, runs.
          const busy = new Set([...inState, ...waiting].map(({ deviceId }) => deviceId));
          for (const { phase, deviceId } of state.items) {
            if (phase.kind === 'queued' && state.devices.has(deviceId)) {
              expect(busy.has(deviceId)).toBe(true);
            }
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('survives being stored, and takes no nonsense from the storage', () => {
    fc.assert(
      fc.property(fc.uniqueArray(item, { selector: (one) => one.id }), (items) => {
        expect(decodeQueue(encodeQueue(items))).toEqual(items);
      }),
    );
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(Array.isArray(decodeQueue(text))).toBe(true);
        expect(decodeQueue(`{"version":1,"items":[${JSON.stringify(text)},${text}]}`)).toEqual([]);
      }),
    );
  });
});
