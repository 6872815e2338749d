import type { DeviceSessions } from '../device';
import type { PlayerStore } from './player-store';
import { soundGroupOf } from './sound-group';
import type { MuteCause, MuteCondition, SoundMember, UnmuteCondition } from './sound-group';

export interface SoundPolicy {
  /** When the sound goes off by itself (default: `other-sounds`, so that one player sounds). */
  readonly muteWhen?: readonly MuteCondition[];
  /** When that is taken back (default: `shown` and `onscreen`). */
  readonly unmuteWhen?: readonly UnmuteCondition[];
}

const MUTE_WHEN: readonly MuteCondition[] = ['other-sounds'];
const UNMUTE_WHEN: readonly UnmuteCondition[] = ['shown', 'onscreen'];

/** Whether a player sounds, and why not: by its user, its host, and the players beside it. */
export class PlayerSound implements SoundMember {
  private readonly muteWhen: readonly MuteCondition[];
  private readonly unmuteWhen: readonly UnmuteCondition[];
  private readonly sessions: DeviceSessions;

  constructor(
    private readonly store: PlayerStore,
    options: SoundPolicy & { readonly sessions: DeviceSessions },
    /** Tells the surface of a change that nobody there made. */
    private readonly tellSurface: (muted: boolean) => void,
  ) {
    const { muteWhen = MUTE_WHEN, unmuteWhen = UNMUTE_WHEN, sessions } = options;
    this.muteWhen = muteWhen;
    this.unmuteWhen = unmuteWhen;
    this.sessions = sessions;
  }

  /** The player begins: if it sounds, the others make way. */
  join(): void {
    const group = soundGroupOf(this.sessions);
    group.add(this);
    if (!this.store.muted) group.sound(this);
  }

  leave(): void {
    soundGroupOf(this.sessions).remove(this);
  }

  /** The sound was turned on, or off by `cause`. */
  set(muted: boolean, cause: MuteCause): void {
    this.store.patch({ muted, muteCause: muted ? cause : null });
    const group = soundGroupOf(this.sessions);
    if (muted) group.silence(this);
    else group.sound(this);
  }

  onVisible(visible: boolean): void {
    if (!visible && this.muteWhen.includes('hidden')) this.mute('hidden');
    if (visible && this.unmuteWhen.includes('shown')) this.unmute('hidden');
  }

  onScreenChange(onScreen: boolean): void {
    if (!onScreen && this.muteWhen.includes('offscreen')) this.mute('offscreen');
    if (onScreen && this.unmuteWhen.includes('onscreen')) this.unmute('offscreen');
  }

  onOtherSounds(): void {
    if (this.muteWhen.includes('other-sounds')) this.mute('other-sounds');
  }

  onOtherSilent(): void {
    if (this.unmuteWhen.includes('other-silent')) this.unmute('other-sounds');
  }

  private mute(cause: MuteCondition): void {
    if (this.store.muted) return;
    this.set(true, cause);
    this.tellSurface(true);
  }

  private unmute(cause: MuteCondition): void {
    if (this.store.muteCause !== cause) return;
    this.set(false, cause);
    this.tellSurface(false);
  }
}
