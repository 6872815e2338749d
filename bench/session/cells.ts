import type { Impairment } from '../../test/net/impaired-link';

/** Bytes per ms. */
const mbps = (megabits: number): number => (megabits * 1e6) / 8 / 1000;

/** A queue that holds 200 ms, as home routers' do. */
const QUEUE = { queueBytes: 1e9, queueMs: 200 };
const LINK = { rate: mbps(20), ...QUEUE };

/** Network paths; each impairment holds in both directions, so a round trip is twice the delay. */
export const CELLS: Readonly<Record<string, Impairment>> = {
  'RTT 50, 1 % loss': { ...LINK, delayMs: 25, loss: 0.01 },
  'RTT 50, 3 % loss': { ...LINK, delayMs: 25, loss: 0.03 },
  'RTT 100 + jitter 20, 2 % loss': {
    ...LINK,
    delayMs: 50,
    jitterMs: 20,
    keepsOrder: true,
    loss: 0.02,
  },
  'RTT 50, 2 % loss in bursts of 4': { ...LINK, delayMs: 25, loss: 0.02, lossBurst: 4 },
  '3 Mbps bottleneck, RTT 60': { rate: mbps(3), ...QUEUE, delayMs: 30 },
};

export const BULK_CELLS: Readonly<Record<string, Impairment>> = {
  'RTT 50': { ...LINK, delayMs: 25 },
  'RTT 50, 1 % loss': CELLS['RTT 50, 1 % loss']!,
  'RTT 50, 3 % loss': CELLS['RTT 50, 3 % loss']!,
};

/** A link for several flows at once. */
export const SHARED_LINK: Impairment = { rate: mbps(5), ...QUEUE, delayMs: 25 };
