import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorInit } from '../errors';
import type { P2PModule, XP2PAppParams } from '../p2p/module';
import { toIotError } from './to-iot-error';

/** A module, or what makes it: a host may have to fetch its random numbers first. */
export type ModuleSource = P2PModule | (() => Promise<P2PModule>);

/** One p2p module, made and initialised once. Private to this folder. */
export class ModuleSlot {
  /** Null before `init` has made it. */
  made: P2PModule | null;
  private initialising: Promise<void> | null = null;

  constructor(
    private readonly source: ModuleSource,
    private readonly appParams: XP2PAppParams,
    /** The NAT has changed, as the module tells. */
    private readonly onNatChanged?: () => void,
  ) {
    this.made = typeof source === 'function' ? null : source;
  }

  /** @throws IotError `not-initialised` before `init` has made the module. */
  get module(): P2PModule {
    if (this.made === null) throw new IotError(notInitialised('call init first'));
    return this.made;
  }

  /** Initialises the module: once, however often it is called; again after a failure. */
  init(): Promise<void> {
    if (this.initialising !== null) return this.initialising;
    const started = this.initNow().catch((error: unknown) => {
      if (this.initialising === started) this.initialising = null;
      throw error;
    });
    this.initialising = started;
    return started;
  }

  /** `init` may be called again afterwards. */
  destroy(): void {
    if (this.initialising !== null) this.made?.destroy();
    this.initialising = null;
  }

  private async initNow(): Promise<void> {
    try {
      const { source, appParams } = this;
      this.made ??= typeof source === 'function' ? await source() : source;
      const { onNatChanged } = this;
      await this.made.init({
        appParams,
        ...(onNatChanged && { eventHandler: () => onNatChanged() }),
      });
    } catch (cause) {
      const error = toIotError(cause, notInitialised('the p2p module could not be initialised'));
      // The app has initialised the module itself: that is as good.
      if (error.code !== XP2PErrorCode.AlreadyInitialised) throw error;
    }
  }
}

function notInitialised(message: string): IotErrorInit {
  return {
    code: XP2PErrorCode.NotInitialised,
    phase: 'init',
    reason: 'not-initialised',
    message,
    retryable: true,
  };
}
