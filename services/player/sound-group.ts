/** When a player turns its sound off by itself. */
export type MuteCondition =
  /** Another player of the group sounds. */
  | 'other-sounds'
  /** The page is hidden. */
  | 'hidden'
  /** The player is scrolled out of sight. */
  | 'offscreen';

/** When a player takes back what a `MuteCondition` has done; the user's own mute stays. */
export type UnmuteCondition =
  /** The player that it made way for is silent again, or gone. */
  | 'other-silent'
  /** The page is shown again. */
  | 'shown'
  /** The player is scrolled into sight again. */
  | 'onscreen';

/** Who turned the sound off. */
export type MuteCause = 'user' | 'host' | 'other-sounds' | 'hidden' | 'offscreen';

/** A player as the others of its group see it. */
export interface SoundMember {
  /** Another one sounds now. */
  onOtherSounds(): void;
  /** The one that sounded does not any more. */
  onOtherSilent(): void;
}

/** Players of which one sounds at a time: the one whose sound was turned on last. */
export class SoundGroup {
  private readonly members = new Set<SoundMember>();
  private sounding: SoundMember | null = null;

  add(member: SoundMember): void {
    this.members.add(member);
  }

  remove(member: SoundMember): void {
    this.members.delete(member);
    this.silence(member);
  }

  /** It sounds: the others make way. */
  sound(member: SoundMember): void {
    if (!this.members.has(member) || this.sounding === member) return;
    this.sounding = member;
    for (const other of [...this.members]) if (other !== member) other.onOtherSounds();
  }

  /** It sounds no more. */
  silence(member: SoundMember): void {
    if (this.sounding !== member) return;
    this.sounding = null;
    for (const other of [...this.members]) {
      // The first that takes the sound has it.
      if (other !== member && this.sounding === null) other.onOtherSilent();
    }
  }
}

const groups = new WeakMap<object, SoundGroup>();

/** The group of all players that share a set of connections: those of a page, or of an app. */
export function soundGroupOf(sessions: object): SoundGroup {
  let group = groups.get(sessions);
  if (group === undefined) {
    group = new SoundGroup();
    groups.set(sessions, group);
  }
  return group;
}
