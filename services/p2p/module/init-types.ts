import type { NatProbeResult } from '../nat';
import type { XP2PDeviceVersion, XP2PLocalEvent } from '../../p2p-names';

/** The customer's parameters (guide §init). The engine checks their shape and sends none of them. */
export interface XP2PAppParams {
  readonly appid: string | number;
  readonly appOauthId: string;
  readonly appKey: string;
  readonly appSecretKey: string;
  readonly appPackage: string;
}

/** `detail` of `natChanged`: what STUN servers saw before and see now. */
export interface XP2PNatChange {
  readonly before: NatProbeResult;
  readonly after: NatProbeResult;
}

/** `detail` of `natError`. */
export interface XP2PNatError {
  /** -2202, or 103 when the system took the socket away: local servers are gone too. */
  readonly errcode: number;
  readonly message: string;
}

/** Told of the local NAT (guide §init, plugin 1.1.1): `natChanged` or `natError`. */
export type XP2PEventHandler = (
  event: XP2PLocalEvent,
  detail: XP2PNatChange | XP2PNatError,
) => void;

interface OwnInitParams {
  /**
   * Ours: STUN servers (`stun:host[:port]`). With them `init` waits until the NAT is known, 10 s at
   * most, and rejects with -2202 when none answers. Without them, and on hosts without UDP, it
   * resolves at once, and the relays in use are asked instead.
   */
  readonly stunServers?: readonly string[];
}

/** `init` of plugin 1.x and 2.x (guide §init): one module for all device versions. */
export interface XP2PInitParams extends OwnInitParams {
  readonly appParams: XP2PAppParams;
  readonly eventHandler?: XP2PEventHandler;
  /** The beta's; accepted, without meaning here. */
  readonly source?: number;
  readonly initParams?: undefined;
}

/** `init` of plugin 3.x: once for each device version. */
export interface XP2PVersionedInitParams {
  readonly appParams: XP2PAppParams;
  readonly initParams: OwnInitParams & {
    readonly deviceP2PVersion: XP2PDeviceVersion;
    readonly eventHandler?: XP2PEventHandler;
  };
}

/** What a 3.x `init` resolves with: the local peer that talks to devices of one version. */
export interface XP2PVersionModule {
  readonly deviceP2PVersion: XP2PDeviceVersion;
  /** The name by which cameras and relays know this peer; a new one after each `init`. */
  readonly localXp2pInfo: string;
  /**
   * As `resetP2P`, for this version alone (3.x).
   * @returns this module.
   * @throws IotError -2002 after `destroy`, -2202 when the probe fails.
   */
  reset(): Promise<XP2PVersionModule>;
}

/** Of `getPluginInfo`. */
export interface XP2PPluginInfo {
  readonly name: string;
  /** The kit's version, as `XP2PVersion`. */
  readonly version: string;
}
