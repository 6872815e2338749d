import { useText } from '@components/hooks';
import { Icon } from '@components/icon';
import { Pressable } from '@components/pressable';
import { addMonths, formatDate, monthGrid, moveByKey, sameDate } from '@services/playback';
import type { CalendarDate } from '@services/playback';
import { Text, View } from '@tarojs/components';
import { observer } from 'mobx-react-lite';
import { usePlayback } from './context';
import { focusDay } from './focus-day';
import { KeyArea } from './key-area';

/** A month, and which of its days have recordings. */
export const PlaybackCalendar = observer(function PlaybackCalendar() {
  const text = useText();
  const { store, handle } = usePlayback();
  const { month, date } = store;
  if (month === null) return null;

  const onKey = (key: string): boolean => {
    const from = date !== null && sameMonth(date, month) ? date : { ...month, day: 1 };
    const to = moveByKey(from, key);
    if (to === null) return false;
    if (!sameMonth(to, month)) handle.showMonth(to);
    handle.chooseDate(to);
    focusDay(formatDate(to));
    return true;
  };
  return (
    <View className="iot-calendar">
      <View className="iot-calendar__head">
        <Pressable
          className="iot-calendar__step iot-calendar__step--back"
          label={text('playback.previous-month')}
          onPress={() => handle.showMonth(addMonths(month, -1))}
        >
          <Icon name="chevron" />
        </Pressable>
        <View className="iot-calendar__month" aria-live="polite">
          {text('playback.month', { year: month.year, month: month.month })}
        </View>
        <Pressable
          className="iot-calendar__step"
          label={text('playback.next-month')}
          onPress={() => handle.showMonth(addMonths(month, 1))}
        >
          <Icon name="chevron" />
        </Pressable>
      </View>
      <KeyArea
        className="iot-calendar__grid"
        role="grid"
        label={text('playback.calendar')}
        onKey={onKey}
      >
        <View className="iot-calendar__week" role="row">
          {text('playback.weekdays')
            .split(' ')
            .map((name) => (
              <View key={name} className="iot-calendar__weekday" role="columnheader">
                {name}
              </View>
            ))}
        </View>
        {monthGrid(month).map((week, row) => (
          <View key={row} className="iot-calendar__week" role="row">
            {week.map((day, column) => (
              <View key={column} className="iot-calendar__cell" role="gridcell">
                {day !== null && <Day date={{ ...month, day }} />}
              </View>
            ))}
          </View>
        ))}
      </KeyArea>
    </View>
  );
});

const Day = observer(function Day({ date }: { readonly date: CalendarDate }) {
  const text = useText();
  const { store, handle } = usePlayback();
  const recorded = store.recordedDays.has(date.day);
  const chosen = sameDate(store.date, date);
  const name = formatDate(date);
  const look = `${chosen ? 'iot-calendar__day--chosen' : ''} ${
    recorded ? 'iot-calendar__day--recorded' : ''
  }`;
  return (
    <Pressable
      className={`iot-calendar__day ${look} iot-calendar__day-${name}`}
      label={recorded ? text('playback.day-recorded', { date: name }) : name}
      checked={chosen}
      onPress={() => handle.chooseDate(date)}
    >
      <Text>{date.day}</Text>
    </Pressable>
  );
});

function sameMonth(
  a: { year: number; month: number },
  b: { year: number; month: number },
): boolean {
  return a.year === b.year && a.month === b.month;
}
