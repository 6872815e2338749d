import { useText } from '@components/hooks';
import { usePlayer } from '@components/iot-player';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { diagnosticsLines, historyLines } from '@services/player';
import { Text, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { observer } from 'mobx-react-lite';
import { useState } from 'react';

/** All that is known of the connection and the picture, for whoever looks for a fault; folded at first. */
export function DiagnosticsPanel() {
  const text = useText();
  const [open, setOpen] = useState(false);
  return (
    <View className="iot-monitor__diagnostics">
      <Pressable
        className="iot-monitor__fold"
        label={text('diagnostics.title')}
        unfolded={open}
        onPress={() => setOpen(!open)}
      >
        <Text>{text('diagnostics.title')}</Text>
        <View className={`iot-monitor__chevron ${open ? 'iot-monitor__chevron--open' : ''}`}>
          <Icon name="chevron" />
        </View>
      </Pressable>
      {open && <Lines />}
    </View>
  );
}

const Lines = observer(function Lines() {
  const text = useText();
  const { handle, view } = usePlayer();
  const diagnostics = handle.diagnostics();
  const changes = historyLines(diagnostics);
  const json = (): string => JSON.stringify(handle.diagnostics(), null, 2);
  const copy = async (): Promise<void> => {
    try {
      await Taro.setClipboardData({ data: json() });
      view.tell('diagnostics.copied');
    } catch {
      // The host has asked, and the user has said no.
    }
  };
  return (
    <View className="iot-monitor__lines">
      {diagnosticsLines(diagnostics, text).map(({ label, value }) => (
        <View className="iot-monitor__line" key={label}>
          <Text className="iot-monitor__label">{label}</Text>
          <Text className="iot-monitor__figure" selectable userSelect>
            {value}
          </Text>
        </View>
      ))}
      {changes.length > 0 && (
        <View className="iot-monitor__changes">
          <Text className="iot-monitor__label">{text('diagnostics.history')}</Text>
          {changes.map((line, index) => (
            <Text
              className="iot-monitor__change"
              key={changes.length - index}
              selectable
              userSelect
            >
              {line}
            </Text>
          ))}
        </View>
      )}
      <View className="iot-monitor__acts">
        <Pressable className="iot-monitor__copy" onPress={() => void copy()}>
          <Icon name="copy" />
          <Text>{text('diagnostics.copy')}</Text>
        </Pressable>
        {view.files.exportText !== null && (
          <Pressable
            className="iot-monitor__copy"
            // The notice tells of a failure.
            onPress={() => void view.exportDiagnostics(json()).catch(() => undefined)}
          >
            <Icon name="download" />
            <Text>{text('diagnostics.export')}</Text>
          </Pressable>
        )}
      </View>
    </View>
  );
});
