import { useEffect } from 'react';
import type { PlayerSurfaceProps } from '../../components/player-surface';
import { FakeSink } from './fake-sink';

/** The sinks of all fake surfaces that were mounted, oldest first. */
export const sinks: FakeSink[] = [];

/** The sink of the surface that was mounted last. */
export function latestSink(): FakeSink {
  const sink = sinks[sinks.length - 1];
  if (sink === undefined) throw new Error('no surface was mounted');
  return sink;
}

/** Stands in for `@components/player-surface`: `jest.mock(…, () => require('…/fake-surface'))`. */
export function PlayerSurface({ onSink, label }: PlayerSurfaceProps) {
  useEffect(() => {
    const sink = new FakeSink();
    sink.auto = true;
    sinks.push(sink);
    onSink(sink);
    return () => onSink(null);
  }, [onSink]);
  return <div data-testid="surface" aria-label={label} />;
}

export const preloadPlayerSurface = jest.fn();
