/** Moves the focus to a day of the calendar, once it is drawn. @param date `2026-11-23` */
export function focusDay(date: string): void {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>(`.iot-calendar__day-${date}`)?.focus();
  });
}
