import { XP2PErrorCode } from '../../errors';
import type { Log } from '../../log';
import { P2P_NAMES } from '../../p2p-names';
import { ModuleLog } from './module-log';
import { KIT_VERSION } from './plugin-info';
import type { XP2PStartStreamParams } from './service-types';
import type { P2PModuleEnums, P2PModuleOldNames, P2PModuleSwitches } from './types';
import type { XP2PRecorderManager, XP2PVoiceCallbacks, XP2PVoiceOptions } from './voice-types';

/** RFC 8489 §14: where a STUN server listens when nothing else is said. */
const DEFAULT_STUN_PORT = 3478;

/** The part of the module that needs no engine: constants, switches, names of former versions. */
export abstract class SwitchedModule
  implements P2PModuleEnums, P2PModuleOldNames, P2PModuleSwitches
{
  readonly XP2PEventEnum = P2P_NAMES.XP2PEventEnum;
  readonly XP2PServiceEventEnum = P2P_NAMES.XP2PServiceEventEnum;
  readonly XP2PNotify_SubType = P2P_NAMES.XP2PNotify_SubType;
  readonly XP2PDevNotify_SubType = P2P_NAMES.XP2PDevNotify_SubType;
  readonly XP2PLocalEventEnum = P2P_NAMES.XP2PLocalEventEnum;
  readonly DeviceVersion = P2P_NAMES.DeviceVersion;
  readonly XP2PSource = P2P_NAMES.XP2PSource;
  readonly XP2PErrorCode = P2P_NAMES.XP2PErrorCode;
  readonly XP2PVersion = KIT_VERSION;
  protected readonly log: ModuleLog;
  protected stunPort = DEFAULT_STUN_PORT;

  constructor(log: Log | undefined) {
    this.log = new ModuleLog(log);
  }

  abstract startStream(id: string, params: XP2PStartStreamParams): Promise<number>;
  abstract stopStream(id: string): void;
  abstract stopP2PService(id: string): void;
  abstract startVoice(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number>;
  abstract stopVoice(id: string): void;

  startP2PStream(id: string, params: XP2PStartStreamParams): Promise<number> {
    return this.startStream(id, params);
  }

  stopP2PStream(id: string): void {
    this.stopStream(id);
  }

  stopServiceById(id: string): void {
    this.stopP2PService(id);
  }

  startVoiceService(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions = {},
    callbacks: XP2PVoiceCallbacks = {},
  ): Promise<number> {
    return this.startVoice(id, recorderManager, options, callbacks);
  }

  stopVoiceService(id: string): void {
    this.stopVoice(id);
  }

  enableHttpLog(on: boolean): void {
    this.log.set('http', on);
  }

  enableNetLog(on: boolean): void {
    this.log.set('net', on);
  }

  enableXNTPLog(on: boolean): void {
    this.log.set('xntp', on);
  }

  enableADP2PLog(on: boolean): void {
    this.log.set('adp2p', on);
  }

  enableAPP_P2PLog(on: boolean): void {
    this.log.set('app', on);
  }

  setTcpFirst(on: boolean): number {
    // A session begins on the relay, which is TCP, and moves to UDP beside it.
    return onlyAs(false, on);
  }

  setCrossStunTurn(on: boolean): number {
    // The camera's relay is what is asked, always.
    return onlyAs(true, on);
  }

  updateStunPort(port: number): number {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) return XP2PErrorCode.BadParameter;
    this.stunPort = port;
    return XP2PErrorCode.Ok;
  }

  setUseDeliveryConfig(on: boolean): number {
    return onlyAs(false, on);
  }
}

/** A switch that this engine has in one position only. */
function onlyAs(position: boolean, wanted: unknown): number {
  if (typeof wanted !== 'boolean') return XP2PErrorCode.BadParameter;
  return wanted === position ? XP2PErrorCode.Ok : XP2PErrorCode.Unsupported;
}
