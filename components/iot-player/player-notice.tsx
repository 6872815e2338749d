import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { useIotVideo } from '@components/provider';
import { errorText } from '@services/i18n';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';

/** Says for a moment what has come of a snapshot or a recording. */
export const PlayerNoticeView = observer(function PlayerNoticeView() {
  const { text, locale } = useIotVideo();
  const { view } = usePlayer();
  const { notice, files } = view;
  return (
    // Always there: a region that comes with its text is not read.
    <View className="iot-player__notices" role="log" aria-live="polite">
      {notice !== null && (
        <View className="iot-player__notice">
          <Icon name={notice.error === null ? 'check' : 'alert'} />
          <Text>
            {notice.error !== null
              ? errorText(locale, notice.error).sentence
              : notice.text === null
                ? ''
                : text(notice.text)}
          </Text>
          {notice.error?.reason === 'album-denied' && files.openSettings !== null && (
            <Pressable className="iot-player__notice-act" onPress={files.openSettings}>
              <Text>{text('control.settings')}</Text>
            </Pressable>
          )}
        </View>
      )}
    </View>
  );
});
