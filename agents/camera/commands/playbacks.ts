import type { PlaybackSession } from '../card';

/** Which playback a viewer's commands are for. */
export class Playbacks {
  private entries: {
    readonly viewer: string;
    readonly startS: number;
    readonly session: PlaybackSession;
  }[] = [];

  /** @param max how many the card sends at a time. */
  constructor(private readonly max: number) {}

  get full(): boolean {
    return this.count >= this.max;
  }

  add(viewer: string, startS: number, session: PlaybackSession): void {
    this.entries = this.entries.filter((entry) => entry.session.open);
    this.entries.push({ viewer, startS, session });
  }

  get count(): number {
    return this.entries.filter(({ session }) => session.open).length;
  }

  /** The one that the viewer opened last on the channel; null when none is open. */
  find(
    viewer: string,
    channel: number,
  ): { readonly session: PlaybackSession; readonly startS: number } | null {
    const own = this.entries.filter(
      (entry) => entry.viewer === viewer && entry.session.open && entry.session.channel === channel,
    );
    return own.at(-1) ?? null;
  }
}
