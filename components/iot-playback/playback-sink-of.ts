import type { PlaybackSink } from '@services/playback';
import type { PlayerSink } from '@services/player';

/** A player's surface as playback uses it. */
export function playbackSinkOf(surface: PlayerSink): PlaybackSink {
  surface.setPacing?.('recorded');
  return {
    canHold: surface.freeze !== undefined && surface.hold !== undefined,
    open: (events) =>
      surface.open({
        onReady: () => events.onReady(),
        onStartPull: () => events.onStartPull(),
        onFirstFrame: () => events.onFirstFrame(),
        onProgress: ({ currentTimeMs, latencyMs }) =>
          events.onTime(currentTimeMs, currentTimeMs + latencyMs),
        onStalled: () => events.onStalled(true),
        onResumed: () => events.onStalled(false),
        onBlocked: () => events.onBlocked(),
        onMuted: (muted) => events.onMuted(muted),
        onError: (error) => events.onError(error),
        onVideoSize: () => undefined,
        onVisible: () => undefined,
      }),
    play: () => surface.play(),
    write: (chunk) => surface.write(chunk),
    end: () => surface.end(),
    stop: () => surface.stop(),
    hold: () => surface.hold?.(),
    release: () => surface.release?.(),
    freeze: () => surface.freeze?.(),
    unfreeze: () => surface.unfreeze?.(),
    setMuted: (muted) => surface.setMuted(muted),
    close: () => {
      surface.setPacing?.('live');
      surface.close();
    },
  };
}
