import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import type { ReactNode } from 'react';
import type { Camera, Cameras } from '@/cameras';
import { usePageText } from '@/texts';
import { Notice } from '@/ui';

interface CameraListProps {
  readonly cameras: Cameras;
  readonly onOpen: (id: string) => void;
  readonly onRemove: (id: string) => void;
  /** Stands after the last card. */
  readonly children: ReactNode;
}

/** The cards, or what is the matter with them. */
export function CameraList({ cameras, onOpen, onRemove, children }: CameraListProps) {
  const text = usePageText();
  const { state, list, reload } = cameras;
  return (
    <>
      {state === 'loading' && list.length === 0 && (
        <View className="demo-list__loading" role="status">
          {text('list.loading')}
        </View>
      )}
      {state === 'failed' && (
        <Notice
          icon="alert"
          title={text('list.failed.title')}
          remedy={text('list.failed.remedy')}
          action={{ label: text('list.retry'), onPress: reload }}
        />
      )}
      {state === 'loaded' && list.length === 0 && (
        <Notice icon="camera" title={text('list.empty.title')} remedy={text('list.empty.remedy')} />
      )}
      <View className="demo-list__cards" role="list">
        {list.map((camera) => (
          <CameraCard key={camera.id} camera={camera} onOpen={onOpen} onRemove={onRemove} />
        ))}
        {children !== false && <View role="listitem">{children}</View>}
      </View>
    </>
  );
}

interface CameraCardProps extends Pick<CameraListProps, 'onOpen' | 'onRemove'> {
  readonly camera: Camera;
}

function CameraCard({ camera, onOpen, onRemove }: CameraCardProps) {
  const text = usePageText();
  const { id, origin, productId, deviceName } = camera;
  const name = camera.name ?? text('camera.unnamed');
  const triple = [productId, deviceName].filter((part) => part !== undefined).join(' / ');
  return (
    <View className="demo-card" role="listitem">
      <Pressable
        className="demo-card__open"
        label={text('camera.watch', { name })}
        onPress={() => onOpen(id)}
      >
        <View className="demo-card__icon">
          <Icon name="camera" />
        </View>
        <View className="demo-card__names">
          <Text className="demo-card__name">{name}</Text>
          <Text className="demo-card__origin">
            {origin === 'added' ? text('camera.added') : triple}
          </Text>
        </View>
        {origin === 'demo' && <Icon name="chevron" />}
      </Pressable>
      {origin === 'added' && (
        <Pressable
          className="demo-card__remove"
          label={text('camera.remove', { name })}
          onPress={() => onRemove(id)}
        >
          <Icon name="remove" />
        </Pressable>
      )}
    </View>
  );
}
