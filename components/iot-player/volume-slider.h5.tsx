import { useText } from '@components/hooks';
import { observer } from 'mobx-react-lite';
import type { CSSProperties } from 'react';
import { usePlayer } from './context';
import { volumeState } from './volume-core';

/** How loud the player around it is; beside the mute button, where there is a pointer or a focus. */
export const VolumeSlider = observer(function VolumeSlider() {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const { availability, percent } = volumeState(store, view.picture);
  if (availability !== 'available') return null;
  return (
    <input
      type="range"
      className="iot-player__volume"
      min={0}
      max={100}
      step={5}
      value={percent}
      style={{ '--iot-volume': `${percent}%` } as CSSProperties}
      aria-label={text('control.volume')}
      aria-valuetext={text('control.volume.value', { percent })}
      onChange={({ target }) => handle.setVolume(Number(target.value) / 100)}
    />
  );
});
