import { useText } from '@components/hooks';
import { usePlayer } from '@components/iot-player';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';

/** How the picture comes: connection, size, delay. */
export function MonitorFacts() {
  return (
    <View className="iot-monitor__facts">
      <ConnectionFact />
      <PictureFact />
      <DelayFact />
    </View>
  );
}

function Fact(props: { readonly label: string; readonly value: string; readonly tone?: string }) {
  const { label, value, tone } = props;
  return (
    <View className="iot-monitor__fact">
      <Text className="iot-monitor__label">{label}</Text>
      <View className="iot-monitor__value">
        {tone !== undefined && <View className={`iot-monitor__dot iot-monitor__dot--${tone}`} />}
        <Text>{value}</Text>
      </View>
    </View>
  );
}

const NOTHING = '–';

const ConnectionFact = observer(function ConnectionFact() {
  const text = useText();
  const { path } = usePlayer().store;
  const label = text('monitor.connection');
  if (path === null) return <Fact label={label} value={NOTHING} />;
  const { kind, state, rttMs } = path;
  const parts = [
    text(`path.${state}`),
    ...(state === 'up' ? [text(`path.${kind}`)] : []),
    ...(state === 'up' && rttMs !== null ? [text('path.rtt', { rttMs: Math.round(rttMs) })] : []),
  ];
  return <Fact label={label} value={parts.join(' · ')} tone={state} />;
});

const PictureFact = observer(function PictureFact() {
  const text = useText();
  const { videoSize } = usePlayer().store;
  const value = videoSize === null ? NOTHING : text('monitor.size', { ...videoSize });
  return <Fact label={text('monitor.picture')} value={value} />;
});

const DelayFact = observer(function DelayFact() {
  const text = useText();
  const { progress, playing } = usePlayer().store;
  const seconds = progress === null ? '' : (progress.latencyMs / 1_000).toFixed(1);
  const value = playing && seconds !== '' ? text('monitor.seconds', { seconds }) : NOTHING;
  return <Fact label={text('monitor.delay')} value={value} />;
});
