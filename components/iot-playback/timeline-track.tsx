import { View } from '@tarojs/components';
import type { BaseEventOrig } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useRef } from 'react';
import type { TimelineTrackProps } from './types';

/** Of a touch event, what Taro's types leave out. */
interface Touch {
  readonly identifier: number;
  readonly clientX: number;
  readonly clientY: number;
}

let tracks = 0;

/** Where fingers act on the timeline. */
export function TimelineTrack({
  className,
  label,
  valueText,
  rulerShare,
  onInput,
  children,
}: TimelineTrackProps) {
  const id = useRef('');
  if (id.current === '') id.current = `iot-timeline-${++tracks}`;
  const box = useRef({ left: 0, width: 0, height: 0, top: 0 });

  const pointersOf = (event: BaseEventOrig<unknown>) =>
    Array.from(
      (event as unknown as { changedTouches: ArrayLike<Touch> }).changedTouches,
      ({ identifier, clientX, clientY }) => ({
        clientY,
        pointer: {
          id: identifier,
          share: box.current.width === 0 ? 0 : (clientX - box.current.left) / box.current.width,
        },
      }),
    );

  const measure = (then: () => void): void => {
    Taro.createSelectorQuery()
      .select(`#${id.current}`)
      .boundingClientRect((rect) => {
        if (rect !== null && !Array.isArray(rect)) box.current = rect;
        then();
      })
      .exec();
  };

  return (
    <View
      id={id.current}
      className={className}
      catchMove
      ariaRole="slider"
      ariaLabel={`${label}: ${valueText}`}
      onTouchStart={(event) =>
        measure(() => {
          for (const { pointer, clientY } of pointersOf(event)) {
            const onRuler = clientY - box.current.top < box.current.height * rulerShare;
            onInput({ type: 'down', pointer, onRuler });
          }
        })
      }
      onTouchMove={(event) => {
        for (const { pointer } of pointersOf(event)) onInput({ type: 'move', pointer });
      }}
      onTouchEnd={(event) => {
        for (const { pointer } of pointersOf(event)) onInput({ type: 'up', id: pointer.id });
      }}
      onTouchCancel={() => onInput({ type: 'cancel' })}
    >
      {children}
    </View>
  );
}
