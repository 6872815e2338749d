import type { XP2PLocalDownloadCallbacks, XP2PLocalDownloadOptions } from './download-types';
import type { P2P_NAMES, XP2PDeviceVersion } from '../../p2p-names';
import type {
  XP2PInitParams,
  XP2PPluginInfo,
  XP2PVersionedInitParams,
  XP2PVersionModule,
} from './init-types';
import type {
  XP2PCommandOptions,
  XP2PCommandResult,
  XP2PServiceCallbacks,
  XP2PServiceInitInfo,
  XP2PStartStreamParams,
  XP2PStreamInfo,
} from './service-types';
import type {
  XP2PRecorderManager,
  XP2PVoiceCallbacks,
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
  XP2PVoiceOptions,
} from './voice-types';

/** The module's constants, as the plugin exports them. */
export type P2PModuleEnums = typeof P2P_NAMES;

/** Names that the guide had before 1.3.0; each does what its newer one does. */
export interface P2PModuleOldNames {
  /** `startStream` */
  startP2PStream(id: string, params: XP2PStartStreamParams): Promise<number>;
  /** `stopStream` */
  stopP2PStream(id: string): void;
  /** `stopP2PService` */
  stopServiceById(id: string): void;
  /** `startVoice`; options and callbacks may be left out. */
  startVoiceService(
    id: string,
    recorderManager: XP2PRecorderManager,
    options?: XP2PVoiceOptions,
    callbacks?: XP2PVoiceCallbacks,
  ): Promise<number>;
  /** `stopVoice` */
  stopVoiceService(id: string): void;
}

/** Switches of log and network, by the plugin's names. */
export interface P2PModuleSwitches {
  /** Logs requests and answers: to the app's `Log` and as event `log` of the service. Off at first. */
  enableHttpLog(on: boolean): void;
  /** Logs paths and the NAT. Off at first. */
  enableNetLog(on: boolean): void;
  /** Logs sessions: their begin, end and figures. Off at first. */
  enableXNTPLog(on: boolean): void;
  /** 1vN; accepted, there is nothing to log. */
  enableADP2PLog(on: boolean): void;
  /** Logs calls of this module and how they ended. Off at first. */
  enableAPP_P2PLog(on: boolean): void;
  /** 4.x. @returns 0 for `false`, how it is here; -2004 for `true`; -2000 for anything else. */
  setTcpFirst(on: boolean): number;
  /** 4.x. @returns 0 for `true`, how it is here; -2004 for `false`; -2000 for anything else. */
  setCrossStunTurn(on: boolean): number;
  /** 4.x: the port of `stunServers` that name none, from the next `init` on. @returns 0 or -2000. */
  updateStunPort(port: number): number;
  /** 4.x. @returns 0 for `false`, how it is here; -2004 for `true`; -2000 for anything else. */
  setUseDeliveryConfig(on: boolean): number;
}

/**
 * The guide's module. Calls that fail reject with an `IotError`, whose `errcode` and `errmsg` are the
 * guide's; calls that succeed resolve with 0 where nothing else is said.
 */
export interface P2PModule extends P2PModuleEnums, P2PModuleOldNames, P2PModuleSwitches {
  /** The kit's version. */
  readonly XP2PVersion: string;

  /**
   * Guide §init: makes the module ready, as early as possible, since the NAT is probed.
   * @throws IotError -2000, -2003 when it was called before, -2202 when no STUN server of
   *   `stunServers` answers within 10 s (then it may be called again), -2404 where the host offers
   *   nothing to connect by. -2201 and -2301 cannot happen here: there is no second engine and no
   *   local server.
   */
  init(params: XP2PInitParams): Promise<number>;
  /** 3.x: as above for one device version; -2003 when that version was initialised before. */
  init(params: XP2PVersionedInitParams): Promise<XP2PVersionModule>;
  /** 3.x: what `init` resolved with for this version; undefined when it did not. */
  getModule(version: XP2PDeviceVersion): XP2PVersionModule | undefined;
  /**
   * Guide §resetP2P: probes again, dials the relays anew and makes the sockets anew. Services go on.
   * @throws IotError -2002, -2202.
   */
  resetP2P(): Promise<number>;
  /** Guide §destroy: ends every service and the module. `init` may follow. */
  destroy(): void;
  /** Guide §getUUID: random, kept in the host's storage; also valid when `init` failed. */
  getUUID(): string;
  /** This peer's name (beta; 3.x: of one version); `''` before `init`. */
  getLocalXp2pInfo(version?: XP2PDeviceVersion): string;
  /** Newer plugins: what this is. */
  getPluginInfo(): XP2PPluginInfo;

  /**
   * Guide §startP2PService: connects to a device; one service per id.
   * @returns resolves when the connection stands, after notify `connected`.
   * @throws IotError -2000, -2001, -2002, -2004 for a 1vN url, -2005, -2401 when the id runs, -2402
   *   when the stream of `dataCallback` cannot be asked for, -2403 when the device cannot be reached,
   *   -2404 for the vendor's devices.
   */
  startP2PService(
    id: string,
    streamInfo: XP2PStreamInfo,
    callbacks: XP2PServiceCallbacks,
  ): Promise<number>;
  /** Guide §updateServiceCallbacks. @returns 0, or -2000 for a bad parameter or an unknown id. */
  updateServiceCallbacks(id: string, callbacks: XP2PServiceCallbacks): number;
  /** What a running service was started with (1.0); undefined when none runs by this id. */
  getServiceInitInfo(id: string): XP2PServiceInitInfo | undefined;
  /** Guide §stopP2PService: ends the connection with its streams, voice, download and commands. */
  stopP2PService(id: string): void;

  /**
   * Guide §startStream. May be called as soon as `startP2PService` has been: the request then rides in
   * the first message. One stream at a time; a picture device (flag `m`) has two, told apart by
   * `action`: sound and pictures.
   * @throws IotError -2000, -2002, -2401 when such a stream runs, -2402, -2403.
   */
  startStream(id: string, params: XP2PStartStreamParams): Promise<number>;
  /** Guide §stopStream. @param streamType 3.1: the stream's `action`; without it all streams end. */
  stopStream(id: string, streamType?: string): void;

  /**
   * Guide §sendCommand: several may be under way at once. How the request went is in the result's
   * `type`.
   * @throws IotError -2000, -2002, -2403.
   */
  sendCommand(
    id: string,
    command: string,
    options?: XP2PCommandOptions,
  ): Promise<XP2PCommandResult>;

  /**
   * Guide §startVoice: records PCM by the platform's recorder and sends it.
   * @returns resolves when the recorder runs.
   * @throws IotError -2000, -2002, -2401 when a voice runs, -2403, -2601 when the recorder does not
   *   start or the device refuses.
   */
  startVoice(
    id: string,
    recorderManager: XP2PRecorderManager,
    options: XP2PVoiceOptions,
    callbacks: XP2PVoiceCallbacks,
  ): Promise<number>;
  /**
   * Guide §startVoiceData: sends FLV that the app supplies.
   * @throws IotError -2000, -2002, -2401 when a voice runs, -2403, -2601.
   */
  startVoiceData(
    id: string,
    options: XP2PVoiceDataOptions,
    callbacks: XP2PVoiceDataCallbacks,
  ): Promise<XP2PVoiceDataWriter>;
  /** Guide §stopVoice: ends either voice after what was written, and the recorder with it. */
  stopVoice(id: string): void;

  /**
   * Guide §startLocalDownload: fetches a file from the device; one at a time.
   * @returns resolves at the end of the transfer (3.x), after `onComplete`.
   * @throws IotError -2000, -2002, -2401 when a download runs, -2403, -2701 when it fails or is
   *   stopped.
   */
  startLocalDownload(
    id: string,
    options: XP2PLocalDownloadOptions,
    callbacks: XP2PLocalDownloadCallbacks,
  ): Promise<number>;
  /** Guide §stopLocalDownload. */
  stopLocalDownload(id: string): void;

  /**
   * Ours: asks a service's camera for the messages that it sends by itself; they come as event
   * `feedback`. Nothing comes from a camera that has none, or when no service runs by this id.
   */
  watchFeedback(id: string): void;

  /**
   * Ours: whether services started from now on keep their newest events; costs nothing while off.
   * @param events `false` for none, `true` for 1024, or a number of events up to 65 536.
   * @throws IotError -2000.
   */
  setEventLog(events: boolean | number): void;
  /**
   * Ours: the events of a service, running or ended, as qlog in JSON-SEQ; undefined when none were
   * kept. Tells why a path was chosen and a packet sent again.
   */
  getEventLog(id: string): string | undefined;
}
