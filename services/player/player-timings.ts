import type { FeedFigures } from './player-state';

/** How long the player waits in each state before it acts, in ms; `streamTimings` adapts some. */
export const PLAYER_TIMINGS = {
  /** For the surface: its code may come over a slow network. */
  surfaceMs: 30_000,
  /** For the module's initialisation (the reference's value). */
  moduleMs: 10_000,
  /**
   * For the connection. The engine gives up before and says why; the vendor's plugin may probe, reset
   * and start for 35 s, and another module may have no limit at all.
   */
  serviceMs: 40_000,
  /** For the surface to ask for bytes. */
  pullMs: 10_000,
  /** For the first bytes once the connection is up. */
  firstDataMs: 10_000,
  /** For the first picture once bytes arrive. */
  firstFrameMs: 10_000,
  /** For more bytes while playing over a path that is up. */
  silenceMs: 8_000,
  /** For a picture that stands still although the path is up. */
  stallMs: 10_000,
  /** For a path that is down to come back: the engine would wait 10 s longer for its session. */
  pathDownMs: 20_000,
  /** Playing this long forgets earlier failures. */
  stableMs: 10_000,
  /** For the camera's answer to the check before playing. */
  checkMs: 8_000,
  /** A connection without a stream is given up after this. */
  idleMs: 300_000,
} as const;

/** Failures in a row after which a stream error also renews the connection. */
export const RENEW_CONNECTION_AFTER = 3;

/** What a cache beyond its threshold may cost: one new start in so long, in ms. */
export const CATCH_UP_EVERY_MS = 10_000;

export interface StreamTimings {
  readonly firstDataMs: number;
  readonly firstFrameMs: number;
  readonly silenceMs: number;
  readonly stallMs: number;
}

/**
 * The watchdogs of a stream. Once the distance of keyframes and the round trip are known they follow
 * them: a camera that sends a keyframe each second is missed sooner than one that sends it each eight.
 */
export function streamTimings({ keyframeIntervalMs, rttMs }: FeedFigures): StreamTimings {
  const T = PLAYER_TIMINGS;
  const tripsMs = 4 * (rttMs ?? 0);
  // The answer takes one round trip; loss and a camera that wakes its encoder take the rest.
  const firstDataMs = rttMs === null ? T.firstDataMs : within(8_000, 8_000 + tripsMs, 20_000);
  if (keyframeIntervalMs === null) {
    const { firstFrameMs, silenceMs, stallMs } = T;
    return { firstDataMs, firstFrameMs, silenceMs, stallMs };
  }
  return {
    firstDataMs,
    // Up to one interval until a keyframe comes, and another if that one is lost.
    firstFrameMs: within(6_000, 2 * keyframeIntervalMs + tripsMs + 4_000, 40_000),
    // Even a picture that does not move brings a keyframe per interval.
    silenceMs: within(4_000, 2 * keyframeIntervalMs + tripsMs, 20_000),
    stallMs: within(5_000, 2 * keyframeIntervalMs + tripsMs + 2_000, 20_000),
  };
}

function within(least: number, value: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
