import { useIotDownloads } from '@components/iot-downloads';
import { IotPlayback } from '@components/iot-playback';
import type { PlaybackClip } from '@components/iot-playback';
import { IotPlayer } from '@components/iot-player';
import { useText } from '@components/hooks';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import { IotError } from '@services/errors';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import Taro, { useRouter } from '@tarojs/taro';
import { useCallback, useState } from 'react';
import { DOWNLOADS_PAGE, readLiveTarget, useCameras } from '@/cameras';
import type { Camera } from '@/cameras';
import { usePageText } from '@/texts';
import { goBack, Notice, PageHead, PageLinks } from '@/ui';
import './index.scss';

/** A file that is cut every minute or so has the moment in it; cameras want 5 s at least. */
const SAVED_RANGE_S = 5;

/** Plays what the camera that the link names has recorded. */
export default function PlaybackPage() {
  const text = usePageText();
  const { params } = useRouter();
  const [target] = useState(() => readLiveTarget(params));
  const { state, list } = useCameras();
  const camera = target.kind === 'direct' ? target.camera : list.find(({ id }) => id === target.id);
  if (camera !== undefined) return <CameraPlayback camera={camera} />;
  if (target.kind === 'direct') return null;
  return (
    <View className="demo-playback demo-playback--missing">
      {state === 'loading' ? (
        <View role="status">{text('list.loading')}</View>
      ) : (
        <Notice
          icon="camera"
          title={
            state === 'failed' ? text('list.failed.title') : text('live.unknown.title', target)
          }
          remedy={state === 'failed' ? text('list.failed.remedy') : text('live.unknown.remedy')}
          action={{ label: text('live.back'), onPress: goBack }}
        />
      )}
    </View>
  );
}

function CameraPlayback({ camera }: { readonly camera: Camera }) {
  const text = usePageText();
  const kitText = useText();
  const { locale } = useIotVideo();
  const { controller } = useIotDownloads();
  const [live, setLive] = useState(false);
  const name = camera.name ?? text('camera.unnamed');

  const save = useCallback(
    (startS: number, endS: number) => {
      const range = { channel: 0, startS, endS };
      controller.addRange(camera, range).then(
        (count) => tell(count > 0 ? text('playback.saving') : text('playback.nothing')),
        (cause: unknown) =>
          tell(cause instanceof IotError ? errorText(locale, cause).title : String(cause)),
      );
    },
    [controller, camera, text, locale],
  );

  const saveMoment = useCallback(
    (unixMs: number) => {
      const startS = Math.floor(unixMs / 1_000);
      save(startS, startS + SAVED_RANGE_S);
    },
    [save],
  );
  const saveClip = useCallback(
    ({ startTimeS, endTimeS }: PlaybackClip) => save(startTimeS, endTimeS),
    [save],
  );

  return (
    <View className="demo-playback">
      <View className="demo-playback__page">
        <PageHead title={text('playback.title', { name })} />
        {live ? (
          <>
            <IotPlayer device={camera} />
            <Pressable className="demo-playback__return" onPress={() => setLive(false)}>
              <Text>{text('live.recordings')}</Text>
            </Pressable>
          </>
        ) : (
          <IotPlayback
            device={camera}
            onLive={() => setLive(true)}
            onSave={saveMoment}
            onClip={saveClip}
          />
        )}
        <PageLinks links={[{ label: kitText('downloads.label'), url: DOWNLOADS_PAGE }]} />
      </View>
    </View>
  );
}

function tell(title: string): void {
  void Taro.showToast({ title, icon: 'none' });
}
