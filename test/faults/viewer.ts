/** What a page shows: the picture as it comes, or what the camera has recorded. */
export type Scene = 'live' | 'playback';

/** A day is played from its latest recording on; so many steps of 10 s back there is time for a fault. */
export const STEPS_BACK = 15;

/** A built app, open on the page of a scene. */
export interface Viewer {
  /** Waits for so many further pictures. @throws Error that tells what the page says instead. */
  frames(count: number, deadlineMs: number): Promise<void>;
  /** Waits until the page says something. @throws Error that tells what it says instead. */
  says(pattern: RegExp, deadlineMs: number): Promise<void>;
  text(): Promise<string>;
  /** Buttons that try again. */
  retries(): Promise<number>;
  retry(): Promise<void>;
  /** The moment of the day that playback is at, in s. */
  positionS(): Promise<number>;
  hide(): Promise<void>;
  show(): Promise<void>;
  /** The network goes, and another one comes. */
  changeNetwork(): Promise<void>;
  /** What the app has thrown and nobody has caught. */
  errors(): readonly string[];
  close(): Promise<void>;
}

/** The day before today, as cameras of this machine's own time zone name it. */
export function yesterday(now = new Date()): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** Seconds of the day in a clock's text. @throws Error when there is no clock in it. */
export function secondsOf(text: string): number {
  const clock = /(\d\d):(\d\d):(\d\d)/.exec(text);
  if (clock === null) throw new Error(`no clock in "${text}"`);
  const [h, m, s] = clock.slice(1).map(Number) as [number, number, number];
  return h * 3_600 + m * 60 + s;
}
