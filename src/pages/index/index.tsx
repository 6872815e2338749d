import { preloadPlayerSurface } from '@components/player-surface';
import { View } from '@tarojs/components';
import Taro, { useDidShow } from '@tarojs/taro';
import { useEffect, useState } from 'react';
import { DOWNLOADS_PAGE, livePageUrl, removeCamera, useCameras } from '@/cameras';
import { usePageText } from '@/texts';
import { PageLinks } from '@/ui';
import { AddCameraForm } from './add-camera-form';
import { CameraList } from './camera-list';
import { AddCameraTile } from './add-camera-tile';
import './index.scss';

/** The list of cameras: those of the demo server, and those the user has added. */
export default function IndexPage() {
  const text = usePageText();
  const cameras = useCameras();
  const [adding, setAdding] = useState(false);
  const { refresh } = cameras;

  // Whoever looks at cameras will watch one.
  useEffect(preloadPlayerSurface, []);
  useDidShow(refresh);

  return (
    <View className="demo-list">
      <View className="demo-list__title" role="heading" aria-level={1}>
        {text('list.title')}
      </View>
      <PageLinks links={[{ label: text('downloads.open'), url: DOWNLOADS_PAGE }]} />
      <CameraList
        cameras={cameras}
        onOpen={(id) => void Taro.navigateTo({ url: livePageUrl(id) })}
        onRemove={(id) => {
          removeCamera(id);
          refresh();
        }}
      >
        {!adding && <AddCameraTile onPress={() => setAdding(true)} />}
      </CameraList>
      {adding && (
        <AddCameraForm
          onClose={() => setAdding(false)}
          onAdded={() => {
            setAdding(false);
            refresh();
          }}
        />
      )}
    </View>
  );
}
