import { HoldButton } from '@components/hold-button';
import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import type { PtzController, PtzDirection } from '@services/ptz';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useMemo, useState } from 'react';
import { KEY_SPEED, PROBLEM_TEXTS } from './ptz-core';
import { PtzPad } from './ptz-pad';
import { PtzPresets } from './ptz-presets';
import { steerCamera, steerPicture } from './steering';
import type { Steering } from './steering';
import type { IotPtzProps } from './types';
import { useIotPtz } from './use-iot-ptz';
import './iot-ptz.scss';

/**
 * Steers a camera: a joystick with arrows, zoom, presets. It shows what the camera can do, and nothing
 * for a camera that cannot be steered.
 *
 * @example
 * <IotPlayerRoot device={device}>
 *   <IotPlayerFrame />
 *   <IotPtz />
 * </IotPlayerRoot>
 */
export const IotPtz = observer(function IotPtz(props: IotPtzProps) {
  const { presets = true, className, onDigital, ...options } = props;
  const ptz = useIotPtz(options);
  const { availability } = ptz.store;
  if (availability === 'asking') return null;
  if (availability === 'available') {
    return <CameraPtz ptz={ptz} presets={presets} className={className} />;
  }
  return onDigital === undefined ? null : <DigitalPtz onMove={onDigital} className={className} />;
});

interface CameraPtzProps {
  readonly ptz: PtzController;
  readonly presets: boolean;
  readonly className: string | undefined;
}

const CameraPtz = observer(function CameraPtz({ ptz, presets, className }: CameraPtzProps) {
  const text = useText();
  const { features, hand, apex, problem } = ptz.store;
  const directions = features?.directions ?? NO_DIRECTIONS;
  const steering = useMemo(() => steerCamera(ptz, directions), [ptz, directions]);
  const note = apex !== null ? 'ptz.apex' : problem === null ? null : PROBLEM_TEXTS[problem];
  return (
    <View className={`iot-ptz ${className ?? ''}`} role="group" aria-label={text('ptz.label')}>
      <Stick steering={steering} hand={hand?.direction ?? null} apex={apex} />
      {presets && <PtzPresets ptz={ptz} />}
      <View className="iot-ptz__note" role="status" aria-live="polite">
        {note === null ? '' : text(note)}
      </View>
    </View>
  );
});

const NO_DIRECTIONS: readonly string[] = [];

function DigitalPtz(props: {
  readonly onMove: NonNullable<IotPtzProps['onDigital']>;
  readonly className: string | undefined;
}) {
  const { onMove, className } = props;
  const text = useText();
  const [hand, setHand] = useState<PtzDirection | null>(null);
  const steering = useMemo((): Steering => {
    const picture = steerPicture(onMove);
    return {
      ...picture,
      press: (direction, speed) => {
        setHand(direction);
        picture.press(direction, speed);
      },
      release: () => {
        setHand(null);
        picture.release();
      },
      cancel: () => {
        setHand(null);
        picture.cancel();
      },
    };
  }, [onMove]);
  return (
    <View className={`iot-ptz ${className ?? ''}`} role="group" aria-label={text('ptz.digital')}>
      <Stick steering={steering} hand={hand} apex={null} />
    </View>
  );
}

function Stick(props: {
  readonly steering: Steering;
  readonly hand: PtzDirection | null;
  readonly apex: PtzDirection | null;
}) {
  const { steering, hand, apex } = props;
  const text = useText();
  const { directions } = steering;
  const hasPad = directions.some((direction) => !direction.startsWith('zoom'));
  const zooms = (['zoom_in', 'zoom_out'] as const).filter((zoom) => directions.includes(zoom));
  return (
    <View className="iot-ptz__stick">
      {hasPad && <PtzPad {...props} />}
      {zooms.length > 0 && (
        <View className="iot-ptz__zoom">
          {zooms.map((zoom) => (
            <HoldButton
              key={zoom}
              className={`iot-ptz__zoom-button ${apex === zoom ? 'iot-ptz__zoom-button--apex' : ''}`}
              label={text(`ptz.${zoom}`)}
              pressed={hand === zoom}
              onHold={() => steering.press(zoom, KEY_SPEED)}
              onLetGo={(cancelled) => (cancelled ? steering.cancel() : steering.release())}
            >
              <Icon name={zoom === 'zoom_in' ? 'add' : 'minus'} />
            </HoldButton>
          ))}
        </View>
      )}
    </View>
  );
}
