import { View } from '@tarojs/components';
import { useEffect } from 'react';
import type { PlayerSurfaceProps } from './types';
import { UnsupportedSink } from './unsupported-sink';
import './player-surface.scss';

/** The place of the picture on hosts that have no surface yet. */
export function PlayerSurface({ onSink }: PlayerSurfaceProps) {
  useEffect(() => {
    onSink(new UnsupportedSink());
    return () => onSink(null);
  }, [onSink]);

  return <View className="iot-surface" />;
}

/** Nothing to fetch here. */
export function preloadPlayerSurface(): void {}
