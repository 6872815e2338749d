import { Icon } from '@components/icon';
import type { IconName } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text, View } from '@tarojs/components';
import './notice.scss';

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly remedy: string;
  readonly action?: { readonly label: string; readonly onPress: () => void };
}

/** Says what is the matter, and what can be done, where content would stand. */
export function Notice({ icon, title, remedy, action }: NoticeProps) {
  return (
    <View className="demo-notice" role="status">
      <View className="demo-notice__icon">
        <Icon name={icon} />
      </View>
      <Text className="demo-notice__title">{title}</Text>
      <Text className="demo-notice__remedy">{remedy}</Text>
      {action !== undefined && (
        <Pressable className="demo-button" onPress={action.onPress}>
          <Text>{action.label}</Text>
        </Pressable>
      )}
    </View>
  );
}
