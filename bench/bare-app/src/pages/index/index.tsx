import { Text, View } from '@tarojs/components';

/** What any Taro app costs: one page, one text. */
export default function Index() {
  return (
    <View>
      <Text>Hello</Text>
    </View>
  );
}
