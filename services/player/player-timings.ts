/** How long the player waits in each state before it acts, in ms. */
export const PLAYER_TIMINGS = {
  /** For the surface: its code may come over a slow network. */
  surfaceMs: 30_000,
  /** For the module's initialisation (the reference's value). */
  moduleMs: 10_000,
  /** For the connection. A backstop: the module's own time-outs are shorter and say why. */
  serviceMs: 45_000,
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
  /** For a path that is down to come back before the connection is built anew. */
  pathDownMs: 60_000,
  /** Playing this long forgets earlier failures. */
  stableMs: 10_000,
} as const;

/** Failures in a row after which a stream error also renews the connection. */
export const RENEW_CONNECTION_AFTER = 3;
