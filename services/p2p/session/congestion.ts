import type { RateSample } from './delivery-rate';
import { MAX_PACKET_BYTES } from './packet';

const STARTUP_GAIN = 2.77;
const DRAIN_GAIN = 1 / STARTUP_GAIN;
const CWND_GAIN = 2;
/** One phase per round trip: probe for more, drain what the probe queued, then cruise. */
const PROBE_BW_GAINS = [1.25, 0.75, 1, 1, 1, 1, 1, 1] as const;
/** The first flight: a keyframe of a camera's usual size, before anything is known of the path. */
export const INITIAL_WINDOW_BYTES = 32 * MAX_PACKET_BYTES;
const MIN_WINDOW_BYTES = 4 * MAX_PACKET_BYTES;
/** The largest rate of this many rounds counts. */
const BANDWIDTH_WINDOW_ROUNDS = 10;
/** Bunched ACKs are allowed for up to this long; more would let jitter fill the bottleneck's queue. */
const MAX_AGGREGATION_MS = 10;
/** The smallest round trip of this many ms counts. */
const MIN_RTT_WINDOW_MS = 10_000;
const PROBE_RTT_MS = 200;
/** Startup ends after this many rounds without growth by a quarter. */
const FULL_BANDWIDTH_ROUNDS = 3;
const FULL_BANDWIDTH_GROWTH = 1.25;
/** Loss below this share is the radio's, not the queue's (BBRv2 tolerates 2 %; mobile links lose more). */
const LOSS_THRESHOLD = 0.15;
const LOSS_BACKOFF = 0.85;
/** Whole rounds that make up one sample of the loss; of a camera's few packets a burst is a large share. */
const LOSS_SAMPLE_BYTES = 32 * MAX_PACKET_BYTES;
const HEAVY_LOSS_SAMPLES = 2;

type Mode = 'startup' | 'drain' | 'probe-bw' | 'probe-rtt';

export interface AckEvent {
  readonly nowMs: number;
  readonly sample: RateSample;
  /** The path's newest round trip, null when this ACK gave none. */
  readonly rttMs: number | null;
  readonly acknowledgedBytes: number;
  /** Bytes in flight after this ACK. */
  readonly inFlightBytes: number;
  /** Bytes acknowledged on the path so far. */
  readonly delivered: number;
}

/**
 * Rate-based congestion control after BBR (draft-cardwell-iccrg-bbr-congestion-control-00 §4): it
 * models the path by its delivery rate and smallest round trip. Loss alone does not slow it down,
 * since on mobile links loss is not congestion; only heavy loss does.
 */
export class CongestionController {
  private mode: Mode = 'startup';
  private readonly rates: { round: number; rate: number; appLimited: boolean }[] = [];
  private round = 0;
  private roundEndsAt = 0;
  private minRttMs = Infinity;
  private minRttAtMs = 0;
  private fullBandwidth = 0;
  private fullBandwidthRounds = 0;
  private cycleIndex = 2;
  private cycleStartMs = 0;
  private probeRttUntilMs: number | null = null;
  private appLimitedSinceMinRtt = false;
  /** Bytes acknowledged beyond what the bandwidth explains, per round: ACKs come in bunches. */
  private readonly aggregations: { round: number; bytes: number }[] = [];
  private aggregationStartMs = 0;
  private aggregationBytes = 0;
  private sampleAcknowledged = 0;
  private sampleLost = 0;
  private heavySamples = 0;
  private window = INITIAL_WINDOW_BYTES;

  /** Bytes that may be in flight. */
  get windowBytes(): number {
    if (this.mode === 'probe-rtt') return MIN_WINDOW_BYTES;
    return this.window;
  }

  /** Bytes per ms at which packets leave; null until the path has been measured. */
  get pacingRate(): number | null {
    const bandwidth = this.bandwidth();
    return bandwidth === 0 ? null : Math.max(bandwidth * this.pacingGain(), 1);
  }

  /** Estimated bandwidth of the path in bytes per ms; 0 until it has been measured. */
  bandwidth(): number {
    let largest = 0;
    for (const entry of this.rates) largest = Math.max(largest, entry.rate);
    return largest;
  }

  /** Whether the path may carry more than `bandwidth`, since there was never enough to fill it. */
  get appLimited(): boolean {
    const largest = this.bandwidth();
    return this.rates.some(({ rate, appLimited }) => appLimited && rate === largest);
  }

  onAcknowledged(event: AckEvent): void {
    const roundEnded = this.countRound(event);
    this.updateBandwidth(event.sample);
    this.updateAggregation(event);
    this.updateMinRtt(event);
    if (roundEnded) this.onRoundEnd(event.sample.appLimited);
    this.advance(event);
    this.updateWindow(event.acknowledgedBytes);
  }

  onLost(bytes: number): void {
    this.sampleLost += bytes;
  }

  /** The path fell silent and came back: what was measured before may no longer hold. */
  onPathRestarted(): void {
    this.mode = 'startup';
    this.rates.length = 0;
    this.aggregations.length = 0;
    this.fullBandwidth = 0;
    this.fullBandwidthRounds = 0;
    this.minRttMs = Infinity;
    this.window = INITIAL_WINDOW_BYTES;
  }

  private pacingGain(): number {
    switch (this.mode) {
      case 'startup':
        return STARTUP_GAIN;
      case 'drain':
        return DRAIN_GAIN;
      case 'probe-bw':
        return PROBE_BW_GAINS[this.cycleIndex]!;
      case 'probe-rtt':
        return 1;
    }
  }

  private countRound(event: AckEvent): boolean {
    this.sampleAcknowledged += event.acknowledgedBytes;
    if (event.sample.priorDelivered < this.roundEndsAt) return false;
    this.round++;
    this.roundEndsAt = event.delivered;
    return true;
  }

  private updateBandwidth(sample: RateSample): void {
    const { rates } = this;
    // An application-limited sample only tells that the path carries at least this much.
    if (sample.rate !== null && (!sample.appLimited || sample.rate > this.bandwidth())) {
      const newest = rates[rates.length - 1];
      const { rate, appLimited } = sample;
      if (newest?.round !== this.round) rates.push({ round: this.round, rate, appLimited });
      else if (rate > newest.rate) Object.assign(newest, { rate, appLimited });
    }
    while (rates.length > 1 && rates[0]!.round < this.round - BANDWIDTH_WINDOW_ROUNDS) {
      // While the application limits, rounds pass without telling anything: keep the last estimate.
      if (sample.appLimited) break;
      rates.shift();
    }
  }

  /** draft-ietf-ccwg-bbr §5.5.9: radios, relays and busy event loops hold ACKs back and let them go at once. */
  private updateAggregation({ nowMs, acknowledgedBytes }: AckEvent): void {
    const { aggregations } = this;
    let expected = this.bandwidth() * (nowMs - this.aggregationStartMs);
    if (this.aggregationBytes <= expected) {
      this.aggregationBytes = 0;
      this.aggregationStartMs = nowMs;
      expected = 0;
    }
    this.aggregationBytes += acknowledgedBytes;
    const most = Math.min(this.window, this.bandwidth() * MAX_AGGREGATION_MS);
    const bytes = Math.min(this.aggregationBytes - expected, most);
    const newest = aggregations[aggregations.length - 1];
    if (newest?.round === this.round) newest.bytes = Math.max(newest.bytes, bytes);
    else aggregations.push({ round: this.round, bytes });
    while (aggregations[0]!.round < this.round - BANDWIDTH_WINDOW_ROUNDS) aggregations.shift();
  }

  private aggregation(): number {
    let largest = 0;
    for (const { bytes } of this.aggregations) largest = Math.max(largest, bytes);
    return largest;
  }

  private updateMinRtt(event: AckEvent): void {
    const { rttMs, nowMs } = event;
    if (event.sample.appLimited) this.appLimitedSinceMinRtt = true;
    if (rttMs === null) return;
    const expired = nowMs - this.minRttAtMs > MIN_RTT_WINDOW_MS;
    if (rttMs <= this.minRttMs || (expired && this.appLimitedSinceMinRtt)) {
      this.minRttMs = rttMs;
      this.minRttAtMs = nowMs;
      this.appLimitedSinceMinRtt = false;
    } else if (expired && this.mode !== 'probe-rtt' && this.mode !== 'startup') {
      this.mode = 'probe-rtt';
      this.probeRttUntilMs = null;
    }
  }

  private onRoundEnd(appLimited: boolean): void {
    if (this.isLossHeavy()) {
      for (const entry of this.rates) entry.rate *= LOSS_BACKOFF;
      if (this.mode === 'startup') this.mode = 'drain';
    }
    if (this.mode !== 'startup' || appLimited) return;
    const bandwidth = this.bandwidth();
    if (bandwidth >= this.fullBandwidth * FULL_BANDWIDTH_GROWTH) {
      this.fullBandwidth = bandwidth;
      this.fullBandwidthRounds = 0;
    } else if (++this.fullBandwidthRounds >= FULL_BANDWIDTH_ROUNDS) {
      this.mode = 'drain';
    }
  }

  /** Whether loss has been heavy for two samples of the path in a row: a single one may be a fade. */
  private isLossHeavy(): boolean {
    const total = this.sampleAcknowledged + this.sampleLost;
    if (total < LOSS_SAMPLE_BYTES) return false;
    const isHeavy = this.sampleLost / total > LOSS_THRESHOLD;
    this.sampleAcknowledged = 0;
    this.sampleLost = 0;
    this.heavySamples = isHeavy ? this.heavySamples + 1 : 0;
    return this.heavySamples >= HEAVY_LOSS_SAMPLES;
  }

  private advance(event: AckEvent): void {
    const { nowMs, inFlightBytes } = event;
    if (this.mode === 'drain' && inFlightBytes <= this.bdp()) this.enterProbeBw(nowMs);
    if (this.mode === 'probe-bw') {
      const gain = PROBE_BW_GAINS[this.cycleIndex]!;
      const elapsed = nowMs - this.cycleStartMs > this.minRttMs;
      const drained = gain < 1 && inFlightBytes <= this.bdp();
      if (elapsed || drained) {
        this.cycleIndex = (this.cycleIndex + 1) % PROBE_BW_GAINS.length;
        this.cycleStartMs = nowMs;
      }
    }
    if (this.mode === 'probe-rtt') {
      if (this.probeRttUntilMs === null) {
        if (inFlightBytes <= MIN_WINDOW_BYTES) this.probeRttUntilMs = nowMs + PROBE_RTT_MS;
      } else if (nowMs >= this.probeRttUntilMs) {
        this.minRttMs = event.rttMs ?? this.minRttMs;
        this.minRttAtMs = nowMs;
        this.enterProbeBw(nowMs);
      }
    }
  }

  private enterProbeBw(nowMs: number): void {
    this.mode = 'probe-bw';
    this.cycleIndex = 2;
    this.cycleStartMs = nowMs;
  }

  private bdp(): number {
    const bandwidth = this.bandwidth();
    if (bandwidth === 0 || this.minRttMs === Infinity) return INITIAL_WINDOW_BYTES;
    return bandwidth * this.minRttMs;
  }

  private updateWindow(acknowledgedBytes: number): void {
    const gain = this.mode === 'startup' ? STARTUP_GAIN : CWND_GAIN;
    const target = gain * this.bdp() + Math.max(this.aggregation(), 8 * MAX_PACKET_BYTES);
    if (this.mode === 'startup') {
      this.window = Math.max(this.window, Math.min(this.window + acknowledgedBytes, target));
    } else {
      this.window = Math.min(this.window + acknowledgedBytes, target);
    }
    this.window = Math.max(this.window, MIN_WINDOW_BYTES);
  }
}
