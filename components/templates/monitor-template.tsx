import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { IotPlayerFrame, IotPlayerRoot } from '@components/iot-player';
import type { IotPlayerRootProps } from '@components/iot-player';
import { Pressable } from '@components/pressable';
import { View } from '@tarojs/components';
import type { ReactNode } from 'react';
import { DiagnosticsPanel } from './diagnostics-panel';
import { MonitorFacts } from './monitor-facts';
import './monitor-template.scss';

export interface MonitorTemplateProps extends Omit<IotPlayerRootProps, 'children'> {
  /** Shows a way back; leave it out where the host has one of its own. */
  readonly onBack?: () => void;
  /** Below the picture, inside its player: `<IotPtz />`, `<IotTalk />`. */
  readonly children?: ReactNode;
}

/** A page for one camera: its name, its picture, and how it is connected. */
export function MonitorTemplate({ onBack, children, ...player }: MonitorTemplateProps) {
  const text = useText();
  const { name } = player.device;
  return (
    <View className="iot-monitor">
      <View className="iot-monitor__head">
        {onBack !== undefined && (
          <Pressable className="iot-monitor__back" label={text('control.back')} onPress={onBack}>
            <Icon name="back" />
          </Pressable>
        )}
        <View className="iot-monitor__name" role="heading" aria-level={1}>
          {name ?? text('monitor.unnamed')}
        </View>
      </View>
      <IotPlayerRoot {...player}>
        <IotPlayerFrame className="iot-monitor__player" />
        <View className="iot-monitor__below">
          <MonitorFacts />
          {children}
          <DiagnosticsPanel />
        </View>
      </IotPlayerRoot>
    </View>
  );
}
