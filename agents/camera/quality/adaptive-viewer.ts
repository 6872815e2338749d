import type { CancelTimer, Clock } from '../../../services/host';
import type { ResponseWriter } from '../../../services/p2p/http';
import type { LiveHub } from '../live-hub';
import type { LiveViewer } from '../live-viewer';
import { INITIAL_ADAPT_STATE, adapt } from './adapt';
import { bandwidthOf } from './bandwidth';

/** One version of a stream that a viewer may be sent. */
export interface StreamLevel {
  readonly hub: LiveHub;
  /** Bit per second. */
  readonly bps: () => number;
  /** Keeps it running. @returns what ends the use. */
  readonly use: () => () => void;
}

export interface AdaptiveViewerOptions {
  /** What the viewer asked for, then what it falls back to. */
  readonly levels: readonly [StreamLevel, ...StreamLevel[]];
  readonly response: ResponseWriter;
  readonly clock: Clock;
  readonly onLeft: () => void;
  readonly log: { debug(message: string): void };
}

const CHECK_INTERVAL_MS = 1_000;

/** A viewer that is sent what its path can bear: its quality, a smaller one, or keyframes only. */
export class AdaptiveViewer {
  private state = INITIAL_ADAPT_STATE;
  private readonly viewer: LiveViewer;
  private current: StreamLevel;
  private endUse: () => void;
  private cancelPending: (() => void) | null = null;
  private left = false;
  private cancelCheck: CancelTimer = () => undefined;

  constructor(private readonly options: AdaptiveViewerOptions) {
    const [first] = options.levels;
    this.current = first;
    this.endUse = first.use();
    this.viewer = first.hub.addViewer(options.response, { onLeft: () => this.leave() });
    if (!this.left) this.scheduleCheck();
  }

  /** 0: what was asked for. */
  get level(): number {
    return this.state.level;
  }

  private scheduleCheck(): void {
    this.cancelCheck = this.options.clock.setTimer(CHECK_INTERVAL_MS, () => {
      this.check();
      this.scheduleCheck();
    });
  }

  private check(): void {
    const { levels, response, clock, log } = this.options;
    const before = this.state.level;
    // Below the lowest quality there are keyframes only.
    const ratesBps = [...levels.map(({ bps }) => bps()), 0];
    this.state = adapt(this.state, {
      nowMs: clock.nowMs(),
      estimateBps: bandwidthOf(response, ratesBps[before] ?? 0),
      ratesBps,
      behind: this.viewer.behind,
    });
    const { level } = this.state;
    if (level === before) return;
    log.debug(`a viewer goes from level ${before} to level ${level}`);
    this.viewer.setPace(level === levels.length ? 'keyframes' : 'all');
    this.moveTo(levels[Math.min(level, levels.length - 1)]!);
  }

  private moveTo(level: StreamLevel): void {
    this.cancelPending?.();
    this.cancelPending = null;
    if (level === this.current) return;
    const endUse = level.use();
    const cancelAdoption = level.hub.adopt(this.viewer, this.current.hub, () => {
      this.cancelPending = null;
      this.endUse();
      this.endUse = endUse;
      this.current = level;
    });
    this.cancelPending = () => {
      cancelAdoption();
      endUse();
    };
  }

  private leave(): void {
    this.left = true;
    this.cancelCheck();
    this.cancelPending?.();
    this.endUse();
    this.options.onLeft();
  }
}
