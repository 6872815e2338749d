import { Text, View } from '@tarojs/components';

export default function IndexPage() {
  return (
    <View>
      <Text>taro-iot-video</Text>
    </View>
  );
}
