import type { CancelTimer, Clock } from '../../../services/host';
import { DeviceStatus } from '../commands/device-status';
import type { PresetFile } from './preset-file';
import type { PtzCommand } from './ptz-command';
import { initialPtzState, stepPtz } from './ptz-machine';
import type { PtzConfig, PtzEvent, PtzOutcome, PtzPosition, PtzState } from './ptz-machine';

export interface PtzOptions {
  readonly config: PtzConfig;
  readonly clock: Clock;
  readonly presets: PresetFile;
  readonly log: { debug(message: string): void };
  /** The camera begins to move. */
  readonly onMove?: () => void;
}

/** The answer to a PTZ command; a flat object, as devices answer. */
export interface PtzReply {
  readonly status: DeviceStatus;
  /** `yes`: the camera is at the end of an axis and goes no further that way. */
  readonly apex?: 'yes' | 'no';
  readonly pan?: number;
  readonly tilt?: number;
  readonly zoom?: number;
  readonly moving?: 'yes' | 'no';
  readonly preset_list?: readonly {
    readonly preset: number;
    readonly name: string;
    readonly pan: number;
    readonly tilt: number;
    readonly zoom: number;
  }[];
}

const STATUS: Readonly<Record<PtzOutcome, DeviceStatus>> = {
  done: DeviceStatus.Ok,
  unsupported: DeviceStatus.Unsupported,
  'no-such-preset': DeviceStatus.BadRequest,
  'presets-full': DeviceStatus.DeviceError,
};

/** Runs the PTZ machine of one channel on a clock. */
export class Ptz {
  private state: PtzState;
  private cancelWake: CancelTimer = () => undefined;

  constructor(private readonly options: PtzOptions) {
    const { config, clock, presets } = options;
    this.state = initialPtzState(config, clock.nowMs(), presets.load(config));
  }

  /** Where the camera looks now. */
  get position(): PtzPosition {
    this.run({ kind: 'tick' });
    return this.state.position;
  }

  get moving(): boolean {
    return this.state.motion !== null;
  }

  /** @param owner the viewer; its drive stops when it is gone. */
  command(command: PtzCommand, owner: string): PtzReply {
    if (command.kind === 'position') return { status: DeviceStatus.Ok, ...this.where() };
    if (command.kind === 'preset-list') {
      return {
        status: DeviceStatus.Ok,
        preset_list: this.state.presets.map(({ id, name, position }) => ({
          preset: id,
          name,
          ...rounded(position),
        })),
      };
    }
    return this.run(command.kind === 'press' ? { ...command, owner } : command);
  }

  viewerGone(owner: string): void {
    this.run({ kind: 'viewer-gone', owner });
  }

  close(): void {
    this.cancelWake();
  }

  private where(): Pick<PtzReply, 'pan' | 'tilt' | 'zoom' | 'moving'> {
    return { ...rounded(this.position), moving: this.moving ? 'yes' : 'no' };
  }

  private run(event: PtzEvent): PtzReply {
    const { config, clock, presets, log, onMove } = this.options;
    const before = this.state;
    const { state, effects } = stepPtz(this.state, event, config, clock.nowMs());
    this.state = state;
    let answer: PtzReply = { status: DeviceStatus.Ok };
    for (const effect of effects) {
      switch (effect.kind) {
        case 'reply':
          answer = { status: STATUS[effect.outcome], apex: effect.apex ? 'yes' : 'no' };
          break;
        case 'stopped':
          log.debug(`the camera stopped turning: ${effect.reason}`);
          break;
        case 'presets-changed':
          presets.save(state.presets);
          break;
        case 'wake':
          this.cancelWake();
          if (effect.inMs !== null) {
            this.cancelWake = clock.setTimer(effect.inMs, () => this.run({ kind: 'tick' }));
          }
      }
    }
    if (event.kind !== 'tick' && state.motion !== null && state.motion !== before.motion)
      onMove?.();
    if (answer.status !== DeviceStatus.Ok) return answer;
    const moving = state.motion === null ? 'no' : 'yes';
    return { ...answer, ...rounded(state.position), moving };
  }
}

/** Hundredths: nobody can see less, and fewer digits are easier to read. */
function rounded({ pan, tilt, zoom }: PtzPosition): { pan: number; tilt: number; zoom: number } {
  const round = (value: number): number => Math.round(value * 100) / 100;
  return { pan: round(pan), tilt: round(tilt), zoom: round(zoom) };
}
