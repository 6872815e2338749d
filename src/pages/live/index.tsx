import { Text } from '@tarojs/components';

export default function LivePage() {
  return <Text>live</Text>;
}
