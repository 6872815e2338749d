import type { PlayerEvent } from './player-event';

/** When a player pauses by itself, after `pauseAfterHiddenMs`; it goes on when that is over. */
export type PauseCondition =
  /** The page is hidden. */
  | 'hidden'
  /** The player is scrolled out of sight. */
  | 'offscreen';

export interface PausePolicy {
  /** Default: `hidden`. */
  readonly pauseWhen?: readonly PauseCondition[];
}

type VisibleEvent = Extract<PlayerEvent, { type: 'visible' }>;

/** Whether somebody can see the picture, and whether it plays on where nobody can. */
export class PlayerPresence {
  private shown = true;
  private onScreen = true;
  private readonly pauseWhen: readonly PauseCondition[];

  constructor({ pauseWhen = ['hidden'] }: PausePolicy) {
    this.pauseWhen = pauseWhen;
  }

  /** The page was hidden or shown. */
  onShown(shown: boolean): VisibleEvent {
    this.shown = shown;
    return this.event();
  }

  /** The player was scrolled into sight or out of it. */
  onScreenChange(onScreen: boolean): VisibleEvent {
    this.onScreen = onScreen;
    return this.event();
  }

  /** The surface is gone; the next one tells whether its page is hidden. */
  forget(): void {
    this.shown = true;
  }

  /** What the machine is to know. */
  event(): VisibleEvent {
    const away = !this.onScreen && this.pauseWhen.includes('offscreen');
    const hidden = !this.shown;
    const pauses = away || (hidden && this.pauseWhen.includes('hidden'));
    return { type: 'visible', visible: !hidden && !away, keeps: hidden && !pauses };
  }
}
