import { IotCall } from '@components/iot-call';
import { IotPtz } from '@components/iot-ptz';
import { IotTalk } from '@components/iot-talk';
import { MonitorTemplate } from '@components/templates';
import { View } from '@tarojs/components';
import { useRouter } from '@tarojs/taro';
import { useState } from 'react';
import { DOWNLOADS_PAGE, playbackPageUrl, readLiveTarget, useCameras } from '@/cameras';
import { usePageText } from '@/texts';
import { goBack, Notice, PageLinks } from '@/ui';
import './index.scss';

/** Watches the camera that the link names. */
export default function LivePage() {
  const text = usePageText();
  const { params } = useRouter();
  const [target] = useState(() => readLiveTarget(params));
  const { state, list } = useCameras();

  const camera = target.kind === 'direct' ? target.camera : list.find(({ id }) => id === target.id);
  if (camera !== undefined) {
    // Mini-programs have a way back in their navigation bar.
    return (
      <MonitorTemplate device={camera} {...(process.env.TARO_ENV === 'h5' && { onBack: goBack })}>
        <View className="demo-live__tools">
          <IotPtz />
          <IotTalk />
          <IotCall />
        </View>
        <PageLinks
          links={[
            { label: text('playback.open'), url: playbackPageUrl(params) },
            { label: text('downloads.open'), url: DOWNLOADS_PAGE },
          ]}
        />
      </MonitorTemplate>
    );
  }
  if (target.kind === 'direct') return null;
  return (
    <View className="demo-live">
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
