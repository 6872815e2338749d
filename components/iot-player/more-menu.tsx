import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import type { IconName } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useState } from 'react';
import { usePlayer } from './context';
import { Menu } from './menu';
import {
  fitButtonState,
  pipButtonState,
  rotateButtonState,
  soundModeState,
} from './picture-controls-core';
import type { ControlState } from './picture-controls-core';
import { retryButtonState } from './retry-button-core';

/** What is wanted now and then: fit, rotation, sound mode, picture in picture, reload. */
export const MoreMenu = observer(function MoreMenu() {
  const text = useText();
  const { store, view, handle } = usePlayer();
  const [open, setOpen] = useState(false);
  const reload = retryButtonState(store);
  const entries: readonly (readonly [ControlState, IconName, () => void])[] = [
    [
      fitButtonState(view.picture, store, view),
      view.fit === 'contain' ? 'fill' : 'fit',
      () => view.setFit(view.fit === 'contain' ? 'cover' : 'contain'),
    ],
    [rotateButtonState(view.picture, store), 'rotate', () => view.rotate()],
    [
      soundModeState(view.picture, store, view),
      view.soundMode === 'speaker' ? 'ear' : 'sound-on',
      () => view.setSoundMode(view.soundMode === 'speaker' ? 'ear' : 'speaker'),
    ],
    [
      pipButtonState(view.picture, store, view),
      'pip',
      () => void view.togglePictureInPicture().catch(() => undefined),
    ],
    [
      { ...reload, availability: reload.label === 'control.refresh' ? 'available' : 'unavailable' },
      'refresh',
      handle.retry,
    ],
  ];
  const shown = entries.filter(([{ availability }]) => availability === 'available');
  if (shown.length === 0) return null;
  const label = text('control.more');
  return (
    <View className="iot-player__anchor">
      <Pressable
        className="iot-player__control"
        label={label}
        expanded={open}
        onPress={() => setOpen(!open)}
      >
        <Icon name="more" />
      </Pressable>
      {open && (
        <Menu label={label} onClose={() => setOpen(false)}>
          {shown.map(([state, icon, act]) => (
            <Pressable
              key={icon}
              className="iot-player__item"
              role="menuitem"
              onPress={() => {
                setOpen(false);
                act();
              }}
            >
              <Icon name={icon} />
              <Text>{text(state.label)}</Text>
            </Pressable>
          ))}
        </Menu>
      )}
    </View>
  );
});
