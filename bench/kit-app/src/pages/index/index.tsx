import { View } from '@tarojs/components';
import { useRouter } from '@tarojs/taro';
import { IotPlayerFrame, IotPlayerRoot, IotPtz, IotTalk } from 'taro-iot-video';

/** One camera, whose `xp2pInfo` the link brings: picture, talk and steering. */
export default function Index() {
  const { params } = useRouter();
  return (
    <View>
      <IotPlayerRoot device={{ id: 'camera', xp2pInfo: params.xp2pInfo ?? '' }}>
        <IotPlayerFrame />
        <IotPtz />
        <IotTalk />
      </IotPlayerRoot>
    </View>
  );
}
