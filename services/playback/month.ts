import type { CalendarDate } from './camera-time';

export interface Month {
  readonly year: number;
  /** 1 to 12 */
  readonly month: number;
}

export function daysInMonth({ year, month }: Month): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export function sameDate(a: CalendarDate | null, b: CalendarDate | null): boolean {
  return a?.year === b?.year && a?.month === b?.month && a?.day === b?.day;
}

export function addMonths({ year, month }: Month, count: number): Month {
  const index = year * 12 + month - 1 + count;
  return { year: Math.floor(index / 12), month: (index % 12) + 1 };
}

export function addDays({ year, month, day }: CalendarDate, count: number): CalendarDate {
  const date = new Date(Date.UTC(year, month - 1, day + count));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** `yyyymm`, as `get_month_record` wants it. */
export function monthParam({ year, month }: Month): string {
  return `${String(year).padStart(4, '0')}${String(month).padStart(2, '0')}`;
}

/**
 * The weeks of a month, Monday first; null where a week reaches into another month.
 */
export function monthGrid(month: Month): readonly (readonly (number | null)[])[] {
  const first = new Date(Date.UTC(month.year, month.month - 1, 1)).getUTCDay();
  const before = (first + 6) % 7;
  const days = daysInMonth(month);
  const weeks = Math.ceil((before + days) / 7);
  return Array.from({ length: weeks }, (_week, week) =>
    Array.from({ length: 7 }, (_day, column) => {
      const day = week * 7 + column - before + 1;
      return day >= 1 && day <= days ? day : null;
    }),
  );
}

/** Where a key leads in a calendar (ARIA grid pattern); null for keys that lead nowhere. */
export function moveByKey(date: CalendarDate, key: string): CalendarDate | null {
  const column = (new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay() + 6) % 7;
  switch (key) {
    case 'ArrowLeft':
      return addDays(date, -1);
    case 'ArrowRight':
      return addDays(date, 1);
    case 'ArrowUp':
      return addDays(date, -7);
    case 'ArrowDown':
      return addDays(date, 7);
    case 'Home':
      return addDays(date, -column);
    case 'End':
      return addDays(date, 6 - column);
    case 'PageUp':
    case 'PageDown': {
      const month = addMonths(date, key === 'PageUp' ? -1 : 1);
      return { ...month, day: Math.min(date.day, daysInMonth(month)) };
    }
    default:
      return null;
  }
}
