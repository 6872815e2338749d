import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { Text } from '@tarojs/components';
import { usePageText } from '@/texts';

/** The card after the last camera: opens the form that adds one. */
export function AddCameraTile({ onPress }: { readonly onPress: () => void }) {
  const text = usePageText();
  return (
    <Pressable className="demo-list__add" onPress={onPress}>
      <Icon name="add" />
      <Text>{text('add.open')}</Text>
    </Pressable>
  );
}
