import { runInAction } from 'mobx';
import type { Clock } from '../host';
import type { FlvTag } from '../media/flv';
import type { PathInfo } from '../p2p/module';
import { changedMarkedly } from './feed-figures';
import type { FeedFigures } from './player-state';
import type { PlayerStore, PlayerValues } from './player-store';
import type { SinkProgress } from './sink';
import { SlowPatch } from './slow-patch';
import { StreamMeter } from './stream-meter';

export interface PlayerFiguresOptions {
  readonly clock: Clock;
  readonly store: PlayerStore;
  /** Whether a pull goes on, whose figures are of interest. */
  readonly isPulling: () => boolean;
  /** The figures that the watchdogs follow have changed markedly. */
  readonly onFeed: (feed: FeedFigures) => void;
}

/** What is measured of a stream: it reaches the store at most once a second, all in one write. */
export class PlayerFigures {
  private meter = new StreamMeter();
  private readonly slowly: SlowPatch<PlayerValues>;

  constructor(private readonly options: PlayerFiguresOptions) {
    this.slowly = new SlowPatch(options.clock, (values) => this.tick(values));
  }

  /** Of the stream so far: what the first picture has cost. */
  get received() {
    return this.meter.received;
  }

  /** How long ago the latest data came, in ms. */
  get sinceDataMs(): number {
    return this.options.clock.nowMs() - this.meter.latestMs;
  }

  /** Another stream begins. */
  restart(): void {
    this.meter = new StreamMeter();
  }

  onBytes(byteLength: number): void {
    this.meter.onBytes(byteLength, this.options.clock.nowMs());
  }

  /** The bytes are where they belong. */
  onHanded(): void {
    this.slowly.set({});
  }

  onTags(tags: readonly FlvTag[]): void {
    this.meter.onTags(tags, this.options.clock.nowMs());
  }

  onProgress(progress: SinkProgress): void {
    this.slowly.set({ progress });
  }

  /** Of the path only figures have changed. */
  onPath(path: PathInfo): void {
    this.slowly.set({ path });
  }

  /** What waits is of no more interest. */
  clear(): void {
    this.slowly.clear();
  }

  private tick(values: Partial<PlayerValues>): void {
    const { clock, store, isPulling } = this.options;
    const stats = isPulling() ? this.meter.stats(clock.nowMs()) : null;
    runInAction(() => {
      store.patch({ ...values, stats });
      this.tellFeed(stats?.keyframeIntervalMs ?? null, store.path?.rttMs ?? null);
    });
  }

  private tellFeed(measuredMs: number | null, rttMs: number | null): void {
    const known = this.options.store.state.feed;
    // What was measured before a new start still holds until there is something newer.
    const keyframeIntervalMs = measuredMs ?? known.keyframeIntervalMs;
    const next = { rttMs, keyframeIntervalMs };
    if (changedMarkedly(known, next)) this.options.onFeed(next);
  }
}
