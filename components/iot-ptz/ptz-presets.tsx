import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import type { PtzController } from '@services/ptz';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { useState } from 'react';
import { freePreset } from './ptz-core';

/** Home, presets and the round through them. */
export const PtzPresets = observer(function PtzPresets({ ptz }: { readonly ptz: PtzController }) {
  const text = useText();
  const [editing, setEditing] = useState(false);
  const { presets, features, cruising } = ptz.store;
  if (features === null || (!features.home && features.maxPresets === 0)) return null;
  const ids = presets.map(({ id }) => id);
  const free = freePreset(ids, features.maxPresets);
  const nameOf = (id: number, name: string): string =>
    name === '' ? text('ptz.preset.unnamed', { number: id }) : name;
  const isEditing = editing && presets.length > 0;
  return (
    <View className="iot-ptz__presets" role="group" aria-label={text('ptz.presets')}>
      {features.home && (
        <Pressable className="iot-ptz__chip" onPress={() => ptz.home()}>
          <Icon name="home" />
          <Text>{text('ptz.home')}</Text>
        </Pressable>
      )}
      {presets.map(({ id, name }) => (
        <Pressable
          key={id}
          className={`iot-ptz__chip ${isEditing ? 'iot-ptz__chip--remove' : ''}`}
          {...(isEditing && { label: text('ptz.preset.delete', { name: nameOf(id, name) }) })}
          onPress={() => (isEditing ? ptz.deletePreset(id) : ptz.goToPreset(id))}
        >
          {isEditing && <Icon name="remove" />}
          <Text>{nameOf(id, name)}</Text>
        </Pressable>
      ))}
      {free !== null && !isEditing && (
        <Pressable
          className="iot-ptz__chip"
          onPress={() => ptz.setPreset(free, text('ptz.preset.unnamed', { number: free }))}
        >
          <Icon name="add" />
          <Text>{text('ptz.preset.add')}</Text>
        </Pressable>
      )}
      {presets.length > 1 && !isEditing && (
        <Pressable
          className={`iot-ptz__chip ${cruising ? 'iot-ptz__chip--on' : ''}`}
          onPress={() => ptz.cruise(cruising ? [] : ids)}
        >
          <Icon name="refresh" />
          <Text>{text(cruising ? 'ptz.cruise.stop' : 'ptz.cruise.start')}</Text>
        </Pressable>
      )}
      {presets.length > 0 && (
        <Pressable className="iot-ptz__chip" onPress={() => setEditing(!isEditing)}>
          <Text>{text(isEditing ? 'ptz.preset.done' : 'ptz.preset.edit')}</Text>
        </Pressable>
      )}
    </View>
  );
});
