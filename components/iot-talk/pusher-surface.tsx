import type { TalkPusher, TalkPusherOptions, TalkPusherSurfaceProps } from './talk-pusher';

/**
 * The host's pusher; null where it has none, and its recorder is used.
 * @returns stable as long as the component is there.
 */
export function useTalkPusher(_options: TalkPusherOptions = {}): TalkPusher | null {
  return null;
}

/** The pusher's place on the page: nothing to see here. */
export function TalkPusherSurface(_props: TalkPusherSurfaceProps) {
  return null;
}
