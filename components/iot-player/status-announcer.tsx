import { useIotVideo } from '@components/provider';
import { errorText } from '@services/i18n';
import { View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayer } from './context';

/** Reads the status to those who cannot see it: once for each change, without the countdown. */
export const StatusAnnouncer = observer(function StatusAnnouncer() {
  const { text, locale } = useIotVideo();
  const { status } = usePlayer().store;
  return (
    <View className="iot-player__announcer" role="status" aria-live="polite">
      {status.error === null ? text(status.text) : errorText(locale, status.error).sentence}
    </View>
  );
});
