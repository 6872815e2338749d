import { IotError, XP2PErrorCode } from '@services/errors';
import { XP2PEventEnum, XP2PLocalEventEnum, XP2PNotify_SubType } from '@services/p2p/module';
import type { P2PModule } from '@services/p2p/module';

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
  return {
    XP2PEventEnum,
    XP2PLocalEventEnum,
    XP2PNotify_SubType,
    init: () => Promise.resolve(XP2PErrorCode.Ok),
    destroy: () => undefined,
    getUUID: () => '',
    startP2PService: refuse,
    updateServiceCallbacks: () => XP2PErrorCode.BadParameter,
    stopP2PService: () => undefined,
    startStream: refuse,
    stopStream: () => undefined,
    sendCommand: refuse,
  };
}
