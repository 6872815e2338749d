import { badParameter } from './errors';

/** Farther from UTC than any zone was, in s. */
const MAX_OFFSET_S = 26 * 3600;

/** The days of a time zone, whatever its clocks did. */
export class Calendar {
  private readonly format: Intl.DateTimeFormat;
  readonly timeZone: string;

  /**
   * @param timeZone IANA name (default: the machine's).
   * @throws IotError (-2000, field `timeZone`) for a name that is unknown here.
   */
  constructor(timeZone?: string) {
    try {
      this.format = new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
      });
    } catch {
      throw badParameter('timeZone', `there is no time zone "${timeZone}"`);
    }
    this.timeZone = this.format.resolvedOptions().timeZone;
  }

  /**
   * When a day begins and ends, in unix seconds. A day that a zone left out is empty.
   * @param yyyymmdd e.g. 20261123; days beyond the month's end are those of the next month.
   */
  day(yyyymmdd: number): { readonly startS: number; readonly endS: number } {
    const year = Math.floor(yyyymmdd / 10_000);
    const month = Math.floor(yyyymmdd / 100) % 100;
    const utcMs = Date.UTC(year, month - 1, yyyymmdd % 100);
    return { startS: this.startOf(utcMs), endS: this.startOf(utcMs + 86_400_000) };
  }

  /** The first second whose date is that day's or a later one: midnight does not always exist. */
  private startOf(utcMidnightMs: number): number {
    const wanted = utcDate(utcMidnightMs);
    let low = utcMidnightMs / 1000 - MAX_OFFSET_S;
    let high = utcMidnightMs / 1000 + MAX_OFFSET_S;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.dateAt(middle * 1000) >= wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The local date as one number, e.g. 20261123. */
  dateAt(ms: number): number {
    let date = 0;
    for (const { type, value } of this.format.formatToParts(ms)) {
      if (type === 'year') date += Number(value) * 10_000;
      else if (type === 'month') date += Number(value) * 100;
      else if (type === 'day') date += Number(value);
    }
    return date;
  }
}

/** How many days a month has. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function utcDate(ms: number): number {
  const date = new Date(ms);
  return date.getUTCFullYear() * 10_000 + (date.getUTCMonth() + 1) * 100 + date.getUTCDate();
}
