import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import './page-links.scss';

interface PageLinksProps {
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

/** Ways to other pages. */
export function PageLinks({ links }: PageLinksProps) {
  return (
    <View className="demo-links">
      {links.map(({ label, url }) => (
        <Pressable
          key={url}
          className="demo-links__link"
          onPress={() => void Taro.navigateTo({ url })}
        >
          <Text>{label}</Text>
          <Icon name="chevron" />
        </Pressable>
      ))}
    </View>
  );
}
