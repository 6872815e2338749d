import { View } from '@tarojs/components';
import { useRouter } from '@tarojs/taro';
import { IotPlayer } from 'taro-iot-video';
import type { IotDevice } from 'taro-iot-video/services/device';

/** A page as the README shows it. */
export default function Index() {
  const { xp2pInfo = '' } = useRouter().params;
  const device: IotDevice = {
    id: 'door',
    name: 'Front door',
    xp2pInfo: decodeURIComponent(xp2pInfo),
  };
  return (
    <View>
      <IotPlayer device={device} />
    </View>
  );
}
