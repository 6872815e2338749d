import { IotError, XP2PErrorCode } from '../errors';
import type { IotErrorPhase } from '../errors';
import type { Clock } from '../host';
import type {
  XP2PAppParams,
  XP2PDeviceVersion,
  XP2PEventHandler,
  XP2PLocalEvent,
  XP2PNatChange,
  XP2PNatError,
} from '../p2p/module';
import { P2P_NAMES } from '../p2p-names';
import { translator } from './translator';
import { recordOf } from './record';
import type { PluginApi } from './plugin-api';
import { callPlugin, awaitPlugin } from './plugin-call';
import { codeOf, failure } from './plugin-errors';

/** The reference's: it grew from 3 s over 6 s to this. */
const INIT_TIMEOUT_MS = 10_000;
/** The key of the one module that plugins before 3.x have. */
const THE_ONE = 'the one';

type Key = XP2PDeviceVersion | typeof THE_ONE;

export interface LocalParams {
  readonly appParams: XP2PAppParams;
  readonly eventHandler: XP2PEventHandler | undefined;
}

/**
 * The plugin's local peers: one before 3.x, then one for each device version, of which an app may see
 * nothing. Answers that come after `destroy` or after their time are ignored.
 */
export class LocalModules {
  private readonly running = new Map<Key, Promise<void>>();
  private readonly handlers = new Map<Key, XP2PEventHandler | undefined>();
  private params: LocalParams | null = null;
  /** The NAT or the network changed: connections of the plugin do not survive that. */
  private isStale = false;
  /** Whether the plugin itself told of the probe that fails. */
  private hasToldError = false;
  private resetting: Promise<void> | null = null;
  private life = 0;

  constructor(
    private readonly api: PluginApi,
    private readonly clock: Clock,
    /** Connections are about to end. */
    private readonly onReset: () => void,
  ) {}

  get isInitialised(): boolean {
    return this.params !== null;
  }

  /** Something told of a change of the network; the next start of a service resets the peers first. */
  markStale(): void {
    this.isStale = true;
  }

  /** Initialises the peer for devices of one version. */
  async init(version: XP2PDeviceVersion, params: LocalParams): Promise<void> {
    const isFirst = this.params === null;
    const { life } = this;
    this.params ??= params;
    try {
      await this.start(version, params, params.eventHandler);
    } catch (error) {
      const alreadyRuns = error instanceof IotError && error.reason === 'already-initialised';
      if (isFirst && life === this.life && !alreadyRuns) {
        // So that the plugin, too, takes the next one.
        this.destroy();
      }
      throw error;
    }
  }

  /** Settles when the peer for these devices is ready, after a reset where one is due. */
  async ready(version: XP2PDeviceVersion): Promise<void> {
    const { params } = this;
    if (params === null) throw notInitialised();
    if (this.isStale) await this.reset();
    await this.resetting;
    // Events of the NAT come from the first peer; those of a second one would repeat them.
    const handler = this.running.size === 0 ? params.eventHandler : undefined;
    try {
      await (this.running.get(this.keyOf(version)) ?? this.start(version, params, handler));
    } catch (error) {
      // The app has initialised the plugin itself: that is as good.
      if (!(error instanceof IotError && error.reason === 'already-initialised')) throw error;
    }
  }

  /** Probes the network again, which ends all connections. */
  reset(): Promise<void> {
    if (this.resetting !== null) return this.resetting;
    this.isStale = false;
    // Later, so that whoever starts a service because its own just ended finds that a reset runs.
    this.resetting = Promise.resolve()
      .then(() => this.resetNow())
      .finally(() => {
        this.resetting = null;
      });
    return this.resetting;
  }

  destroy(): void {
    this.forget();
    this.params = null;
  }

  localName(version: XP2PDeviceVersion): string {
    if (!this.running.has(this.keyOf(version))) return '';
    const theirs = this.theirVersion(version);
    try {
      const module = this.api.hasModules ? recordOf(this.moduleOf(version)) : null;
      const name = module?.['localXp2pInfo'] ?? this.api.call('init', 'getLocalXp2pInfo', theirs);
      return typeof name === 'string' ? name : '';
    } catch {
      return '';
    }
  }

  private async resetNow(): Promise<void> {
    const keys = [...this.running.keys()];
    if (keys.length === 0) return;
    const { life } = this;
    this.onReset();
    this.hasToldError = false;
    try {
      // One that is being initialised cannot be reset.
      await Promise.all([...this.running.values()].map((start) => start.catch(() => undefined)));
      if (life === this.life) await Promise.all(keys.map((key) => this.resetOne(key)));
    } catch (error) {
      for (const handler of this.handlers.values()) this.tellProbeFailed(error, handler);
      // The next service initialises anew.
      if (life === this.life) this.forget();
      throw error;
    }
    if (life !== this.life) throw destroyed();
  }

  private resetOne(key: Key): Promise<unknown> {
    const { api, clock } = this;
    const options = { phase: 'init', timeoutMs: INIT_TIMEOUT_MS } as const;
    if (key === THE_ONE) return callPlugin(api, clock, { ...options, name: 'resetP2P' });
    return awaitPlugin(clock, { ...options, name: 'reset' }, () => {
      const module = recordOf(this.moduleOf(key));
      const reset = module?.['reset'];
      if (typeof reset !== 'function') throw notInitialised();
      return (reset as () => unknown).call(module);
    });
  }

  /** Begins or joins. @throws IotError -2003 where it is up. */
  private start(
    version: XP2PDeviceVersion,
    params: LocalParams,
    eventHandler: XP2PEventHandler | undefined,
  ): Promise<void> {
    const key = this.keyOf(version);
    const running = this.running.get(key);
    // Two device versions of a 3.x app share the one peer of an older plugin.
    if (running !== undefined) return running;
    const started = this.startNow(key, params, eventHandler);
    this.running.set(key, started);
    started.catch((error: unknown) => {
      const alreadyRuns = error instanceof IotError && error.reason === 'already-initialised';
      if (!alreadyRuns && this.running.get(key) === started) this.running.delete(key);
    });
    return started;
  }

  private async startNow(
    key: Key,
    { appParams }: LocalParams,
    eventHandler: XP2PEventHandler | undefined,
  ): Promise<void> {
    const { life } = this;
    this.handlers.set(key, eventHandler);
    this.hasToldError = false;
    const handler = (event: unknown, detail: unknown) => {
      if (life === this.life) this.onLocalEvent(event, detail, eventHandler);
    };
    const shape =
      key === THE_ONE
        ? { appParams, eventHandler: handler }
        : {
            appParams,
            initParams: { deviceP2PVersion: this.theirVersion(key), eventHandler: handler },
          };
    const options = { phase: 'init', name: 'init', timeoutMs: INIT_TIMEOUT_MS } as const;
    try {
      await callPlugin(this.api, this.clock, options, shape);
    } catch (error) {
      if (life === this.life) this.tellProbeFailed(error, eventHandler);
      throw error;
    }
    if (life !== this.life) throw destroyed();
  }

  private onLocalEvent(
    event: unknown,
    detail: unknown,
    eventHandler: XP2PEventHandler | undefined,
  ): void {
    const { XP2PLocalEventEnum } = P2P_NAMES;
    const name = translator(this.api.enumOf('XP2PLocalEventEnum'), XP2PLocalEventEnum)(event);
    this.markStale();
    if (name === XP2PLocalEventEnum.NATError) {
      this.hasToldError = true;
      eventHandler?.(name, natErrorOf(detail));
    } else {
      // What the plugin tells of a change is its own; it passes as it is.
      eventHandler?.(name as XP2PLocalEvent, (recordOf(detail) ?? {}) as unknown as XP2PNatChange);
    }
  }

  /** The guide promises `natError` when the probe fails; not every version tells it. */
  private tellProbeFailed(error: unknown, eventHandler: XP2PEventHandler | undefined): void {
    const hasFailed = error instanceof IotError && error.code === XP2PErrorCode.ProbeFailed;
    if (hasFailed && !this.hasToldError) {
      eventHandler?.(P2P_NAMES.XP2PLocalEventEnum.NATError, natErrorOf(error));
    }
  }

  private keyOf(version: XP2PDeviceVersion): Key {
    return this.api.hasModules ? version : THE_ONE;
  }

  /** The plugin's own value for a device version. */
  private theirVersion(version: XP2PDeviceVersion): unknown {
    const name = version === P2P_NAMES.DeviceVersion.Device_2_3 ? 'Device_2_3' : 'Device_2_4';
    return this.api.enumOf('DeviceVersion')?.[name] ?? version;
  }

  private moduleOf(version: XP2PDeviceVersion): unknown {
    return this.api.call('init', 'getModule', this.theirVersion(version));
  }

  private forget(): void {
    this.life++;
    this.running.clear();
    this.handlers.clear();
    this.isStale = false;
    this.api.tell('destroy');
  }
}

export function notInitialised(phase: IotErrorPhase = 'init'): IotError {
  const message = 'the module was not initialised; call init first';
  return failure(XP2PErrorCode.NotInitialised, phase, 'not-initialised', message);
}

function destroyed(): IotError {
  const message = 'the module was destroyed meanwhile';
  return failure(XP2PErrorCode.NotInitialised, 'init', 'not-initialised', message);
}

/** Its members in their types, beside whatever else the plugin tells. */
function natErrorOf(detail: unknown): XP2PNatError {
  const { errmsg, errMsg, message, ...others } = recordOf(detail) ?? {};
  const text = message ?? errmsg ?? errMsg;
  return {
    ...(detail instanceof Error ? {} : others),
    errcode: codeOf(detail) ?? XP2PErrorCode.ProbeFailed,
    message: typeof text === 'string' && text !== '' ? text : 'the probe of the NAT failed',
  };
}
