import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import './page-head.scss';

const LIST_PAGE = '/pages/index/index';

/** Back to where one came from, or to the list when the link was opened directly. */
export function goBack(): void {
  if (Taro.getCurrentPages().length > 1) void Taro.navigateBack();
  else void Taro.redirectTo({ url: LIST_PAGE });
}

/** A page's title; on H5 with a way back, which mini-programs have in their navigation bar. */
export function PageHead({ title }: { readonly title: string }) {
  const text = useText();
  return (
    <View className="demo-head">
      {process.env.TARO_ENV === 'h5' && (
        <Pressable className="demo-head__back" label={text('control.back')} onPress={goBack}>
          <Icon name="back" />
        </Pressable>
      )}
      <View className="demo-head__title" role="heading" aria-level={1}>
        {title}
      </View>
    </View>
  );
}
