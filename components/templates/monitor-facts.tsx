import { useText } from '@components/hooks';
import { usePlayer } from '@components/iot-player';
import type { PlayerStore } from '@services/player';
import { Text, View } from '@tarojs/components';
import { computed } from 'mobx';
import { observer } from 'mobx-react-lite';
import { useMemo } from 'react';

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

/** What is shown of a store: figures come each second, a view redraws only when this changes. */
function useShown<Shown extends string | number | null>(
  read: (store: PlayerStore) => Shown,
): Shown {
  const { store } = usePlayer();
  return useMemo(() => computed(() => read(store)), [store, read]).get();
}

const pathState = ({ path }: PlayerStore) => path?.state ?? null;
const pathKind = ({ path }: PlayerStore) => path?.kind ?? null;
const wholeRttMs = ({ path }: PlayerStore) =>
  path === null || path.rttMs === null ? null : Math.round(path.rttMs);
const delaySeconds = ({ playing, progress }: PlayerStore) =>
  playing && progress !== null ? (progress.latencyMs / 1_000).toFixed(1) : null;

const ConnectionFact = observer(function ConnectionFact() {
  const text = useText();
  const state = useShown(pathState);
  const kind = useShown(pathKind);
  const rttMs = useShown(wholeRttMs);
  const label = text('monitor.connection');
  if (state === null || kind === null) return <Fact label={label} value={NOTHING} />;
  const parts = [
    text(`path.${state}`),
    ...(state === 'up' ? [text(`path.${kind}`)] : []),
    ...(state === 'up' && rttMs !== null ? [text('path.rtt', { rttMs })] : []),
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
  const seconds = useShown(delaySeconds);
  const value = seconds === null ? NOTHING : text('monitor.seconds', { seconds });
  return <Fact label={text('monitor.delay')} value={value} />;
});
