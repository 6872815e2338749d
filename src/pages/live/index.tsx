import { MonitorTemplate } from '@components/templates';
import { View } from '@tarojs/components';
import Taro, { useRouter } from '@tarojs/taro';
import { useState } from 'react';
import { readLiveTarget, useCameras } from '@/cameras';
import { usePageText } from '@/texts';
import { Notice } from '@/ui';
import './index.scss';

const LIST_PAGE = '/pages/index/index';

/** Back to the list: one page back, or in its place when the link was opened directly. */
function goBack(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack();
  else void Taro.redirectTo({ url: LIST_PAGE });
}

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
      <MonitorTemplate device={camera} {...(process.env.TARO_ENV === 'h5' && { onBack: goBack })} />
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
