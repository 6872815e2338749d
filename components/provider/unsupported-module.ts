import { IotError, XP2PErrorCode } from '@services/errors';
import type { P2PModule } from '@services/p2p/module';
import { P2P_NAMES } from '@services/p2p-names';

/** A module for hosts that have none: every connection is refused with -2404. */
export function createUnsupportedModule(): P2PModule {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new IotError({
        code: XP2PErrorCode.HostUnsupported,
        phase: 'connect',
        reason: 'host-unsupported',
        message: 'no p2p engine for this host',
        retryable: false,
      }),
    );
  const ignore = (): undefined => undefined;
  const unsupported = (): number => XP2PErrorCode.Unsupported;
  return {
    ...P2P_NAMES,
    XP2PVersion: '',
    // Either form resolves: what cannot be done is said where it is asked for.
    init: (() => Promise.resolve(XP2PErrorCode.Ok)) as unknown as P2PModule['init'],
    getModule: ignore,
    resetP2P: () => Promise.resolve(XP2PErrorCode.Ok),
    destroy: ignore,
    getUUID: () => '',
    getLocalXp2pInfo: () => '',
    getPluginInfo: () => ({ name: '', version: '' }),
    startP2PService: refuse,
    updateServiceCallbacks: () => XP2PErrorCode.BadParameter,
    getServiceInitInfo: ignore,
    stopP2PService: ignore,
    startStream: refuse,
    stopStream: ignore,
    sendCommand: refuse,
    startVoice: refuse,
    startVoiceData: refuse,
    stopVoice: ignore,
    startLocalDownload: refuse,
    stopLocalDownload: ignore,
    startP2PStream: refuse,
    stopP2PStream: ignore,
    stopServiceById: ignore,
    startVoiceService: refuse,
    stopVoiceService: ignore,
    enableHttpLog: ignore,
    enableNetLog: ignore,
    enableXNTPLog: ignore,
    enableADP2PLog: ignore,
    enableAPP_P2PLog: ignore,
    setTcpFirst: unsupported,
    setCrossStunTurn: unsupported,
    updateStunPort: unsupported,
    setUseDeliveryConfig: unsupported,
    watchFeedback: ignore,
    setEventLog: ignore,
    getEventLog: ignore,
  };
}
