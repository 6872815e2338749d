import { XP2PErrorCode } from '../errors';
import type { P2PModuleEnums } from '../p2p/module';

/**
 * The interface's constants. Spelt out, since an app that has only the plugin's cameras loads no
 * engine for its names; their types are the engine's.
 */
export const ENUMS: P2PModuleEnums = {
  XP2PEventEnum: { Notify: 'notify', DevNotify: 'devNotify', Log: 'log', Path: 'path' },
  XP2PServiceEventEnum: { ServiceNotify: 'notify' },
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
  XP2PDevNotify_SubType: {
    InnerUrl: 'innerUrl',
    Peerlist: 'peerlist',
    Subscribe: 'subscribe',
    P2P: 'P2P',
    CDN: 'CDN',
    Peers: 'peers',
    Parent: 'parent',
    Err: 'err',
    RTLog: 'rtLog',
  },
  XP2PLocalEventEnum: { NATChanged: 'natChanged', NATError: 'natError' },
  DeviceVersion: { Device_2_3: '2.3', Device_2_4: '2.4' },
  XP2PSource: { IPC: 1, IoTP2PServer: 3 },
  XP2PErrorCode,
};

/**
 * Turns the plugin's string for a member into ours, by the member's name; a string it does not name
 * stays as it is.
 */
export function translator(
  theirs: Readonly<Record<string, unknown>> | null,
  ours: Readonly<Record<string, string | number>>,
): (value: unknown) => string {
  const known = new Map(
    Object.entries(ours).map(([member, value]) => [theirs?.[member] ?? value, String(value)]),
  );
  return (value) => known.get(value as string) ?? String(value);
}
