import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import type { StreamQuality } from '@services/player';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useState } from 'react';
import { usePlayer } from './context';
import { Menu } from './menu';
import { qualityMenuState } from './picture-controls-core';
import { useQualities } from './use-qualities';

export interface QualityMenuProps {
  /** What the camera offers (default: what it tells, else all); with fewer than two there is no menu. */
  readonly qualities?: readonly StreamQuality[];
}

/** Chooses the quality of the player around it. */
export const QualityMenu = observer(function QualityMenu(props: QualityMenuProps) {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const [open, setOpen] = useState(false);
  const qualities = useQualities(props.qualities);
  const { availability, chosen, items } = qualityMenuState(store, view.quality, qualities);
  if (availability !== 'available') return null;
  const label = text('control.quality');
  const now = text(`quality.${chosen}`);
  return (
    <View className="iot-player__anchor">
      <Pressable
        className="iot-player__control iot-player__control--text"
        label={`${label}: ${now}`}
        expanded={open}
        onPress={() => setOpen(!open)}
      >
        <Text>{now}</Text>
      </Pressable>
      {open && (
        <Menu label={label} onClose={() => setOpen(false)}>
          {items.map((item) => (
            <Pressable
              key={item.quality}
              className="iot-player__item"
              role="menuitemradio"
              checked={item.quality === chosen}
              onPress={() => {
                setOpen(false);
                handle.setQuality(item.quality);
              }}
            >
              <Text>{text(item.label)}</Text>
              {item.quality === chosen && <Icon name="check" />}
            </Pressable>
          ))}
        </Menu>
      )}
    </View>
  );
});
