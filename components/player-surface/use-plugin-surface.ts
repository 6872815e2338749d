import type { PlayerSink } from '@services/player';
import { useDidHide, useDidShow } from '@tarojs/taro';
import { useEffect } from 'react';
import { watchLocalServer } from './player-plugin';
import type { PlayerSurfaceProps } from './types';

/** A sink of WeChat's player plugin, which has to be told when its page is out of sight. */
interface PageSink extends PlayerSink {
  setHidden(hidden: boolean): void;
  onServerLost(detail: string): void;
}

/** Hands a tag's sink and picture to the player for as long as the surface is on its page. */
export function usePluginSurface(
  { onSink, onPicture }: PlayerSurfaceProps,
  sink: PageSink,
  picture: Parameters<NonNullable<PlayerSurfaceProps['onPicture']>>[0],
): void {
  useEffect(() => {
    onPicture?.(picture);
    onSink(sink);
    return () => {
      onSink(null);
      onPicture?.(null);
      sink.close();
    };
  }, [onSink, onPicture, sink, picture]);
  useEffect(() => watchLocalServer((detail) => sink.onServerLost(detail)), [sink]);
  useDidHide(() => sink.setHidden(true));
  useDidShow(() => sink.setHidden(false));
}
