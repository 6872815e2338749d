import { CommandLine, queryCapabilities } from '../commands';
import type { PtzFeatures } from '../commands';
import type { DeviceSessions, IotDevice } from '../device';
import type { CancelTimer, Clock } from '../host';
import type { Log } from '../log';
import { sendPtz } from './ptz-dialect';
import type { PtzDialect } from './ptz-dialect';
import { isPtzIdle, nextPtzWakeMs, ptzMachine } from './ptz-machine';
import type { PtzEvent } from './ptz-machine';
import { INITIAL_PTZ_STATE, REFERENCE_PTZ } from './ptz-state';
import type { PtzCommand, PtzDirection, PtzMachineOptions, PtzState } from './ptz-state';
import { PtzStore } from './ptz-store';

export interface PtzControllerOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly device: IotDevice;
  /** 0-based (default 0). */
  readonly channel?: number;
  /** Default `json`. */
  readonly dialect?: PtzDialect;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be steered. */
  readonly features?: PtzFeatures | null;
  /** From the lift of the finger to the release, in ms (default 500, the seed's; 0: at once). */
  readonly releaseDelayMs?: number;
  /** The camera has reached the end of its way. */
  readonly onApex?: () => void;
  readonly log?: Log | undefined;
}

const DEFAULT_RELEASE_DELAY_MS = 500;
const HOLD_REFRESH_MS = 4_000;
const STEP_REPEAT_MS = 400;
/** How long the last release is tried after `close`. */
const CLOSE_TIMEOUT_MS = 10_000;

/** Steers a camera: performs what the PTZ machine decides. */
export class PtzController {
  readonly store = new PtzStore();
  private state: PtzState = INITIAL_PTZ_STATE;
  private readonly line: CommandLine;
  private readonly machine: PtzMachineOptions;
  private readonly queue: PtzEvent[] = [];
  private dispatching = false;
  private closed = false;
  private cancelWake: CancelTimer = () => undefined;
  private cancelClose: CancelTimer = () => undefined;

  constructor(private readonly options: PtzControllerOptions) {
    const { sessions, clock, device, channel = 0, dialect = 'json' } = options;
    this.machine = {
      drive: dialect === 'json' ? 'hold' : 'step',
      releaseDelayMs: options.releaseDelayMs ?? DEFAULT_RELEASE_DELAY_MS,
      refreshMs: dialect === 'json' ? HOLD_REFRESH_MS : STEP_REPEAT_MS,
    };
    this.line = new CommandLine({
      sessions,
      clock,
      device,
      channel,
      onLost: () => this.dispatch({ type: 'lost' }),
    });
    if (options.features !== undefined) this.store.offer(options.features);
  }

  /**
   * Asks the camera what it can do, where the app has not said it. Cameras that cannot tell are taken
   * for the seed's: four directions.
   */
  async discover(): Promise<void> {
    if (this.options.features === undefined) {
      try {
        const capabilities = await queryCapabilities(this.line);
        if (this.closed) return;
        this.store.offer(capabilities === null ? REFERENCE_PTZ : capabilities.ptz);
      } catch (error) {
        this.options.log?.({
          level: 'warn',
          scope: 'ptz',
          message: 'the camera did not tell what it can do',
          data: { error },
        });
        return;
      }
    }
    if ((this.store.features?.maxPresets ?? 0) > 0) this.errand({ kind: 'preset-list' });
  }

  /** Moves on until `release`. @param speed 1 to 10; null: as fast as the camera likes. */
  press(direction: PtzDirection, speed: number | null = null): void {
    const { features } = this.store;
    if (this.closed || features === null) return;
    if (!features.directions.includes(direction)) return;
    this.dispatch({ type: 'press', direction, speed: features.speed ? speed : null });
  }

  /** The finger has left; the camera stops after the delay. */
  release(): void {
    this.dispatch({ type: 'lift' });
  }

  /** The camera stops at once: the page is hidden, the touch was cancelled. */
  cancel(): void {
    this.dispatch({ type: 'cancel' });
  }

  home(): void {
    if (this.store.features?.home) this.dispatch({ type: 'go', to: { kind: 'home' } });
  }

  goToPreset(preset: number): void {
    this.dispatch({ type: 'go', to: { kind: 'preset-go', preset } });
  }

  /** Keeps where the camera looks. @param preset 1 to `features.maxPresets`. */
  setPreset(preset: number, name: string): void {
    this.errand({ kind: 'preset-set', preset, name });
  }

  deletePreset(preset: number): void {
    this.errand({ kind: 'preset-delete', preset });
  }

  /** Goes round presets until something else is asked. @param dwellMs at least 2000. */
  cruise(presets: readonly number[], dwellMs = 10_000): void {
    this.dispatch({ type: 'cruise', presets, dwellMs });
  }

  /** Stops the camera and gives everything back once it has heard of it. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatch({ type: 'cancel' });
    if (this.finishIfIdle()) return;
    this.cancelClose = this.options.clock.setTimer(CLOSE_TIMEOUT_MS, () => this.finish());
  }

  private errand(errand: Extract<PtzEvent, { type: 'errand' }>['errand']): void {
    this.dispatch({ type: 'errand', errand });
  }

  private dispatch(event: PtzEvent): void {
    this.queue.push(event);
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.process(next);
    } finally {
      this.dispatching = false;
    }
    this.wakeUp();
    if (this.closed) this.finishIfIdle();
  }

  private process(event: PtzEvent): void {
    const { clock, onApex } = this.options;
    const { state, effects } = ptzMachine(this.state, event, clock.nowMs(), this.rules());
    if (state !== this.state) {
      this.state = state;
      this.store.enter(state);
    }
    for (const effect of effects) {
      if (effect.type === 'send') this.send(effect.number, effect.command, effect.timeoutMs);
      else if (!this.closed) onApex?.();
    }
  }

  /** A press must be repeated before the camera ends it by itself. */
  private rules(): PtzMachineOptions {
    const safetyMs = this.store.features?.safetyMs ?? null;
    if (this.machine.drive === 'step' || safetyMs === null) return this.machine;
    return { ...this.machine, refreshMs: Math.min(this.machine.refreshMs, safetyMs / 2) };
  }

  private send(number: number, command: PtzCommand, timeoutMs: number): void {
    const { dialect = 'json', channel = 0 } = this.options;
    sendPtz(this.line, dialect, channel, command, timeoutMs).then(
      (reply) => this.dispatch({ type: 'replied', number, reply }),
      // There is no connection: whatever the camera was told, it knows nobody now.
      () => {
        if (this.state.inFlight?.number === number) this.dispatch({ type: 'lost' });
      },
    );
  }

  private wakeUp(): void {
    this.cancelWake();
    const atMs = nextPtzWakeMs(this.state);
    if (atMs === null) return;
    const { clock } = this.options;
    this.cancelWake = clock.setTimer(Math.max(0, atMs - clock.nowMs()), () =>
      this.dispatch({ type: 'tick' }),
    );
  }

  private finishIfIdle(): boolean {
    const isIdle = isPtzIdle(this.state);
    if (isIdle) this.finish();
    return isIdle;
  }

  private finish(): void {
    this.cancelWake();
    this.cancelClose();
    this.line.close();
  }
}
