import type { PlaybackCommands } from './playback-commands';
import { speedCommand, speedsOf } from './playback-speeds';
import type { SpeedCommand, SpeedFeatures } from './playback-speeds';

/** How fast the camera sends, stream by stream. */
export class PlaybackPace {
  private features: SpeedFeatures = { intervals: false, maxKeyframeStep: 1 };
  /** What is in force in the open stream. */
  private last: SpeedCommand['cmd'] | null = null;

  constructor(private readonly commands: PlaybackCommands) {}

  /** @returns how many times as fast it can play. */
  learn(features: SpeedFeatures): readonly number[] {
    this.features = features;
    return speedsOf(features);
  }

  /** A stream begins at normal speed, whatever the one before it had. */
  begin(): void {
    this.last = null;
  }

  /**
   * @param frameIntervalMs how long a picture is shown normally; null where that is not known
   * @returns whether the camera does it. Never rejects.
   */
  async set(speed: number, frameIntervalMs: number | null): Promise<boolean> {
    const command = speedCommand(speed, this.features, this.last, frameIntervalMs);
    if (command === null) return false;
    if (this.last !== null && this.last !== command.cmd) {
      if (!(await this.commands.setSpeed({ cmd: this.last, speed: 0 }))) return false;
    }
    const done = await this.commands.setSpeed(command);
    if (done) this.last = speed === 1 ? null : command.cmd;
    return done;
  }
}
