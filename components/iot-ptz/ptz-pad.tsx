import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { dragDirection, PTZ_DIRECTIONS } from '@services/ptz';
import type { PtzDirection } from '@services/ptz';
import { View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { ArrowButton } from './arrow-button';
import { PadSurface } from './pad-surface';
import { KEY_SPEED, keysDirection } from './ptz-core';
import type { Steering } from './steering';

interface PtzPadProps {
  readonly steering: Steering;
  readonly hand: PtzDirection | null;
  readonly apex: PtzDirection | null;
}

const CENTRE = { x: 0, y: 0 };
/** How far the knob goes, as a share of the radius. */
const KNOB_WAY = 0.3;

/** A joystick with an arrow for each direction that there is. */
export function PtzPad({ steering, hand, apex }: PtzPadProps) {
  const text = useText();
  const [knob, setKnob] = useState(CENTRE);
  // Something else may have ended the drive.
  useEffect(() => {
    if (hand === null) setKnob(CENTRE);
  }, [hand]);

  const { directions } = steering;
  const onPoint = (x: number, y: number): void => {
    const length = Math.max(1, Math.hypot(x, y));
    setKnob({ x: x / length, y: y / length });
    const drag = dragDirection(x, y, directions);
    if (drag === null) steering.release();
    else steering.press(drag.direction, drag.speed);
  };
  const onKeys = (held: readonly string[]): void => {
    const direction = keysDirection(held, directions);
    if (direction === null) steering.release();
    else steering.press(direction, KEY_SPEED);
  };
  const onLetGo = (cancelled: boolean): void => {
    setKnob(CENTRE);
    if (cancelled) steering.cancel();
    else steering.release();
  };

  const way = (share: number): string => `${50 + share * KNOB_WAY * 50}%`;
  return (
    <PadSurface
      className="iot-ptz__pad"
      label={text('ptz.pad')}
      onPoint={onPoint}
      onKeys={onKeys}
      onLetGo={onLetGo}
    >
      {PTZ_DIRECTIONS.filter(
        (direction) => !direction.startsWith('zoom') && directions.includes(direction),
      ).map((direction) => {
        const state = `${direction === hand ? 'iot-ptz__arrow--held' : ''} ${
          direction === apex ? 'iot-ptz__arrow--apex' : ''
        }`;
        return (
          <ArrowButton
            key={direction}
            className={`iot-ptz__arrow iot-ptz__arrow--${direction} ${state}`}
            label={text(`ptz.${direction}`)}
            pressed={direction === hand}
            onHold={() => steering.press(direction, KEY_SPEED)}
            onLetGo={onLetGo}
          >
            <Icon name="chevron" />
          </ArrowButton>
        );
      })}
      <View
        className={`iot-ptz__knob ${hand === null ? '' : 'iot-ptz__knob--held'}`}
        style={{ left: way(knob.x), top: way(knob.y) }}
        aria-hidden="true"
      />
    </PadSurface>
  );
}
