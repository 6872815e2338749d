import {
  CongestionController,
  INITIAL_WINDOW_BYTES,
} from '../../../../services/p2p/session/congestion';

const RTT_MS = 50;

/** A path of a fixed rate, as the controller sees it by its ACKs: one round trip per `round`. */
class Rounds {
  readonly controller = new CongestionController();
  private nowMs = 0;
  private delivered = 0;

  /** @param bytesPerMs what the path delivers. @param lossShare what of the round is lost. */
  round(bytesPerMs: number, options: { lossShare?: number; appLimited?: boolean } = {}): void {
    const { lossShare = 0, appLimited = false } = options;
    const bytes = bytesPerMs * RTT_MS;
    const priorDelivered = this.delivered;
    this.nowMs += RTT_MS;
    this.delivered += bytes;
    if (lossShare > 0) this.controller.onLost((bytes * lossShare) / (1 - lossShare));
    this.controller.onAcknowledged({
      nowMs: this.nowMs,
      sample: { rate: bytesPerMs, appLimited, priorDelivered },
      rttMs: RTT_MS,
      acknowledgedBytes: bytes,
      inFlightBytes: bytes,
      delivered: this.delivered,
    });
  }
}

describe('CongestionController', () => {
  it('keeps its estimate when a burst takes most of a few packets', () => {
    const path = new Rounds();
    for (let i = 0; i < 10; i++) path.round(1000);
    for (let i = 0; i < 50; i++) path.round(100, { appLimited: true, lossShare: i % 8 ? 0 : 0.5 });
    expect(path.controller.bandwidth()).toBe(1000);
  });

  it('slows down when loss stays heavy', () => {
    const path = new Rounds();
    for (let i = 0; i < 10; i++) path.round(1000);
    for (let i = 0; i < 6; i++) path.round(900, { lossShare: 0.3 });
    expect(path.controller.bandwidth()).toBeLessThan(900);
  });

  it('is not slowed down by the loss of a radio link', () => {
    const path = new Rounds();
    for (let i = 0; i < 40; i++) path.round(1000, { lossShare: 0.1 });
    expect(path.controller.bandwidth()).toBe(1000);
  });

  it('tells whether the path was ever filled', () => {
    const path = new Rounds();
    path.round(100, { appLimited: true });
    expect(path.controller.appLimited).toBe(true);
    path.round(1000);
    expect(path.controller.appLimited).toBe(false);
    path.round(200, { appLimited: true });
    expect(path.controller.appLimited).toBe(false);
    path.round(2000, { appLimited: true });
    expect(path.controller.appLimited).toBe(true);
  });

  it('opens its window for ACKs that come in bunches, but not without bound', () => {
    const window = (bunchMs: number) => {
      const controller = new CongestionController();
      const rate = 10_000;
      let delivered = 0;
      for (let nowMs = 1; nowMs < 4000; nowMs++) {
        if (nowMs % bunchMs !== 0) continue;
        const bytes = rate * bunchMs;
        controller.onAcknowledged({
          nowMs,
          sample: { rate, appLimited: false, priorDelivered: delivered },
          rttMs: 1,
          acknowledgedBytes: bytes,
          inFlightBytes: 0,
          delivered: (delivered += bytes),
        });
      }
      return controller.windowBytes;
    };
    expect(window(8)).toBeGreaterThan(window(1) + 40_000);
    expect(window(200)).toBeLessThan(window(8) + 40_000);
    expect(window(1)).toBeGreaterThan(INITIAL_WINDOW_BYTES / 2);
  });
});
