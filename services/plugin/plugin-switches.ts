import { XP2PErrorCode } from '../errors';
import type { P2PModule, P2PModuleSwitches } from '../p2p/module';
import { checkEventLog } from './parameters';
import type { PluginApi, PluginFunctionName } from './plugin-api';

type Switches = P2PModuleSwitches &
  Pick<P2PModule, 'setEventLog' | 'getEventLog' | 'watchFeedback'>;

/** The switches of the plugin's log and network, as far as it has them. */
export class PluginSwitches implements Switches {
  protected logsRequests = false;

  constructor(protected readonly api: PluginApi) {}

  enableHttpLog(on: boolean): void {
    this.logsRequests = on;
    this.api.tell('enableHttpLog', on);
  }

  enableNetLog(on: boolean): void {
    this.api.tell('enableNetLog', on);
  }

  enableXNTPLog(on: boolean): void {
    this.api.tell('enableXNTPLog', on);
  }

  enableADP2PLog(on: boolean): void {
    this.api.tell('enableADP2PLog', on);
  }

  enableAPP_P2PLog(on: boolean): void {
    this.api.tell('enableAPP_P2PLog', on);
  }

  setTcpFirst(on: boolean): number {
    return this.tune('setTcpFirst', on, typeof on === 'boolean');
  }

  setCrossStunTurn(on: boolean): number {
    return this.tune('setCrossStunTurn', on, typeof on === 'boolean');
  }

  updateStunPort(port: number): number {
    return this.tune('updateStunPort', port, Number.isInteger(port) && port > 0 && port < 65_536);
  }

  setUseDeliveryConfig(on: boolean): number {
    return this.tune('setUseDeliveryConfig', on, typeof on === 'boolean');
  }

  /** The plugin keeps no event log. */
  setEventLog(events: boolean | number): void {
    checkEventLog(events);
  }

  getEventLog(): undefined {
    return undefined;
  }

  /** The plugin passes on what a device says without being asked. */
  watchFeedback(): void {
    // Nothing to ask for.
  }

  private tune(name: PluginFunctionName, value: unknown, isGood: boolean): number {
    if (!isGood) return XP2PErrorCode.BadParameter;
    if (!this.api.has(name)) return XP2PErrorCode.Unsupported;
    this.api.tell(name, value);
    return XP2PErrorCode.Ok;
  }
}
