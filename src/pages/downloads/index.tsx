import { useText } from '@components/hooks';
import { IotDownloads } from '@components/iot-downloads';
import { View } from '@tarojs/components';
import { useCameras } from '@/cameras';
import { PageHead } from '@/ui';
import './index.scss';

/** What was, is and will be fetched from the cameras. */
export default function DownloadsPage() {
  const text = useText();
  const { list } = useCameras();
  return (
    <View className="demo-downloads">
      <View className="demo-downloads__page">
        <PageHead title={text('downloads.label')} />
        <IotDownloads devices={list} />
      </View>
    </View>
  );
}
