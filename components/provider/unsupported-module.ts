import { IotError, XP2PErrorCode } from '@services/errors';
import type { P2PModule } from '@services/p2p/module';

/** Spelt out, so that a host without an engine does not load one for its names. */
const NAMES: Pick<P2PModule, 'XP2PEventEnum' | 'XP2PLocalEventEnum' | 'XP2PNotify_SubType'> = {
  XP2PEventEnum: { Notify: 'notify', Log: 'log', Path: 'path' },
  XP2PLocalEventEnum: { NATChanged: 'natChanged', NATError: 'natError' },
  XP2PNotify_SubType: {
    Connected: 'connected',
    Request: 'request',
    Parsed: 'parsed',
    Success: 'success',
    Eof: 'eof',
    Fail: 'fail',
    Close: 'close',
    Disconnect: 'disconnect',
  },
};

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
    ...NAMES,
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
