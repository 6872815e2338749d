/** A date of the calendar; `month` 1 to 12, `day` 1 to 31. */
export interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export interface DayTime {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** A stretch of time in unix ms; `endMs` no longer belongs to it. */
export interface TimeSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/** Farther from UTC than any zone was, in ms. */
const MAX_OFFSET_MS = 26 * 3_600_000;
const DAY_MS = 86_400_000;

/** The clock on the camera's wall. */
export class CameraTime {
  private constructor(
    /** What it was made with, for those who show it; null for the host's own zone. */
    readonly zone: string | number | null,
    private readonly fieldsAt: (unixMs: number) => CalendarDate & DayTime,
  ) {}

  /**
   * @param zone an IANA name such as `Asia/Shanghai`, minutes east of UTC, or undefined for the zone of
   *   the phone. A name that the host does not know, as some mini-program hosts know none, counts as
   *   undefined: `zone` is null then.
   */
  static of(zone?: string | number): CameraTime {
    if (typeof zone === 'number' && Math.abs(zone) <= 26 * 60) {
      return new CameraTime(zone, (ms) => utcFields(ms + zone * 60_000));
    }
    const format = typeof zone === 'string' ? formatFor(zone) : null;
    return format === null
      ? new CameraTime(null, localFields)
      : new CameraTime(zone!, (ms) => formattedFields(format, ms));
  }

  dateAt(unixMs: number): CalendarDate {
    const { year, month, day } = this.fieldsAt(unixMs);
    return { year, month, day };
  }

  timeAt(unixMs: number): DayTime {
    const { hour, minute, second } = this.fieldsAt(unixMs);
    return { hour, minute, second };
  }

  /** From the first moment of a date to the first one of the next: 23 to 25 h where clocks change. */
  dayOf(date: CalendarDate): TimeSpan {
    const utcMs = Date.UTC(date.year, date.month - 1, date.day);
    return { startMs: this.startOf(utcMs), endMs: this.startOf(utcMs + DAY_MS) };
  }

  /** The first second whose date is that one or later: midnight does not always exist. */
  private startOf(utcMidnightMs: number): number {
    const wanted = dateNumber(utcFields(utcMidnightMs));
    let low = (utcMidnightMs - MAX_OFFSET_MS) / 1_000;
    let high = (utcMidnightMs + MAX_OFFSET_MS) / 1_000;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (dateNumber(this.fieldsAt(middle * 1_000)) >= wanted) high = middle;
      else low = middle + 1;
    }
    return low * 1_000;
  }
}

/** `12:34:56` */
export function formatTime({ hour, minute, second }: DayTime, withSeconds = true): string {
  const parts = withSeconds ? [hour, minute, second] : [hour, minute];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** `2026-11-23` */
export function formatDate({ year, month, day }: CalendarDate): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(day)}`;
}

function dateNumber({ year, month, day }: CalendarDate): number {
  return year * 10_000 + month * 100 + day;
}

function utcFields(ms: number): CalendarDate & DayTime {
  const date = new Date(ms);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  };
}

function localFields(ms: number): CalendarDate & DayTime {
  const date = new Date(ms);
  return {
    year: date.getFullYear(),
    month: date.getMonth() + 1,
    day: date.getDate(),
    hour: date.getHours(),
    minute: date.getMinutes(),
    second: date.getSeconds(),
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // Also where the host has no Intl at all.
    return null;
  }
}

function formattedFields(format: Intl.DateTimeFormat, ms: number): CalendarDate & DayTime {
  const fields = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of format.formatToParts(ms)) {
    if (type in fields) fields[type as keyof typeof fields] = Number(value);
  }
  return fields;
}
