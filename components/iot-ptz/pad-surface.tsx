import { View } from '@tarojs/components';
import type { CommonEvent, ITouchEvent } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useRef, useState } from 'react';
import type { PadSurfaceProps } from './pad-surface-props';

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

let count = 0;

/** A joystick's field where there is touch only. */
export function PadSurface(props: PadSurfaceProps) {
  const { label, className, onPoint, onLetGo, children } = props;
  const [id] = useState(() => `iot-ptz-pad-${++count}`);
  const box = useRef<Box | null>(null);
  const held = useRef(false);

  const point = (event: CommonEvent): void => {
    const touch = (event as ITouchEvent).touches[0];
    if (touch === undefined || box.current === null) return;
    const { left, top, width, height } = box.current;
    onPoint(
      (touch.clientX - left - width / 2) / (width / 2),
      (touch.clientY - top - height / 2) / (height / 2),
    );
  };
  const begin = (event: CommonEvent): void => {
    held.current = true;
    // Each time: the page may have been scrolled.
    Taro.createSelectorQuery()
      .select(`#${id}`)
      .boundingClientRect((found) => {
        const rect = Array.isArray(found) ? found[0] : found;
        if (rect === undefined || rect === null) return;
        box.current = { left: rect.left, top: rect.top, width: rect.width, height: rect.height };
        if (held.current) point(event);
      })
      .exec();
  };
  const letGo = (cancelled: boolean): void => {
    held.current = false;
    onLetGo(cancelled);
  };
  return (
    <View
      id={id}
      className={className}
      ariaRole="group"
      ariaLabel={label}
      catchMove
      onTouchStart={begin}
      onTouchMove={point}
      onTouchEnd={() => letGo(false)}
      onTouchCancel={() => letGo(true)}
    >
      {children}
    </View>
  );
}
