import { XP2PErrorCode } from '../errors';
import type { IotError, IotErrorPhase } from '../errors';
import { failure } from './plugin-errors';
import { recordOf } from './record';

type PluginFunction = (...args: readonly unknown[]) => unknown;

interface KnownFunction {
  readonly since: string;
  readonly before?: string;
}

/** The version that brought a function, and the name it had before 1.3.0. */
const FUNCTIONS = {
  init: { since: '1.0.0' },
  destroy: { since: '1.0.0' },
  getUUID: { since: '1.1.0' },
  getLocalXp2pInfo: { since: '1.0.0' },
  getPluginInfo: { since: '4.0.0' },
  getModule: { since: '3.0.0' },
  resetP2P: { since: '1.0.0' },
  startP2PService: { since: '1.0.0' },
  stopP2PService: { since: '1.3.0', before: 'stopServiceById' },
  startStream: { since: '1.3.0', before: 'startP2PStream' },
  stopStream: { since: '1.3.0', before: 'stopP2PStream' },
  sendCommand: { since: '1.0.0' },
  startVoice: { since: '1.3.0', before: 'startVoiceService' },
  stopVoice: { since: '1.3.0', before: 'stopVoiceService' },
  startVoiceData: { since: '1.3.0' },
  startLocalDownload: { since: '1.2.0' },
  stopLocalDownload: { since: '1.2.0' },
  enableHttpLog: { since: '1.0.0' },
  enableNetLog: { since: '1.0.0' },
  enableXNTPLog: { since: '1.0.0' },
  enableADP2PLog: { since: '3.0.0' },
  enableAPP_P2PLog: { since: '3.0.0' },
  setTcpFirst: { since: '4.2.5' },
  setCrossStunTurn: { since: '4.4.8' },
  updateStunPort: { since: '4.5.0' },
  setUseDeliveryConfig: { since: '4.6.9' },
} as const satisfies Readonly<Record<string, KnownFunction>>;

export type PluginFunctionName = keyof typeof FUNCTIONS;

/** What an app cannot do without; every version has it. */
const NEEDED: readonly PluginFunctionName[] = ['init', 'destroy', 'startP2PService', 'startStream'];

/** The plugin's own object, taken apart with care: which functions it has, by which names. */
export class PluginApi {
  /** As the plugin tells it; `''` where it does not. */
  readonly version: string;
  /** 3.x: `init` per device version. */
  readonly hasModules: boolean;
  private readonly exports: Readonly<Record<string, unknown>>;

  /**
   * @param plugin what `requirePlugin('xp2p')` returned, or the `p2p` of it.
   * @throws IotError -2404 when it is not the plugin.
   */
  constructor(plugin: unknown) {
    const p2p = recordOf(recordOf(plugin)?.['p2p']) ?? recordOf(plugin);
    if (p2p === null) throw notThePlugin('it is no object');
    this.exports = p2p;
    const missing = NEEDED.filter((name) => !this.has(name));
    if (missing.length > 0) throw notThePlugin(`it has no ${missing.join(', ')}`);
    this.version = this.readVersion();
    this.hasModules = this.has('getModule') || recordOf(p2p['DeviceVersion']) !== null;
  }

  has(name: PluginFunctionName): boolean {
    return this.find(name) !== null;
  }

  /**
   * Calls a function by the name that this plugin has for it.
   * @throws IotError -2004 when it has none, and whatever the plugin throws.
   */
  call(phase: IotErrorPhase, name: PluginFunctionName, ...args: readonly unknown[]): unknown {
    const found = this.find(name);
    if (found !== null) return found.apply(this.exports, args as unknown[]);
    throw unsupported(
      phase,
      `${name} needs the xp2p plugin ${FUNCTIONS[name].since} or later, not ${this.version || 'this one'}`,
    );
  }

  /** Calls a function that answers nothing, if there is one. The plugin's own failure is not ours. */
  tell(name: PluginFunctionName, ...args: readonly unknown[]): void {
    try {
      this.find(name)?.apply(this.exports, args as unknown[]);
    } catch {
      // What was to be stopped is stopped for us.
    }
  }

  /** One of the plugin's enums; `null` where it has none. */
  enumOf(name: string): Readonly<Record<string, unknown>> | null {
    return recordOf(this.exports[name]);
  }

  /** Whether this plugin is known to be older. */
  isBefore(version: string): boolean {
    return this.version !== '' && compareVersions(this.version, version) < 0;
  }

  private find(name: PluginFunctionName): PluginFunction | null {
    const known: KnownFunction = FUNCTIONS[name];
    for (const candidate of known.before === undefined ? [name] : [name, known.before]) {
      const value = this.exports[candidate];
      if (typeof value === 'function') return value as PluginFunction;
    }
    return null;
  }

  private readVersion(): string {
    const candidates = [this.exports['XP2PVersion'], this.exports['Version']];
    try {
      const info = recordOf(this.find('getPluginInfo')?.apply(this.exports, []));
      candidates.push(info?.['version'], info?.['XP2PVersion']);
    } catch {
      // Then it does not tell.
    }
    return candidates.find(isVersion) ?? '';
  }
}

/** -2004: the plugin at hand cannot do it. */
export function unsupported(phase: IotErrorPhase, message: string): IotError {
  return failure(XP2PErrorCode.Unsupported, phase, 'unsupported-operation', message);
}

function notThePlugin(why: string): IotError {
  const message = `what requirePlugin returned is not the xp2p plugin: ${why}`;
  return failure(XP2PErrorCode.HostUnsupported, 'init', 'host-unsupported', message);
}

function isVersion(value: unknown): value is string {
  return typeof value === 'string' && /^\d+\.\d+/.test(value);
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let i = 0; i < 3; i++) {
    const difference = (parseInt(left[i] ?? '0', 10) || 0) - (parseInt(right[i] ?? '0', 10) || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
