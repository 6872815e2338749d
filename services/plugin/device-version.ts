import { XP2PErrorCode } from '../errors';
import type { XP2PDeviceVersion } from '../p2p/module';
import { P2P_NAMES } from '../p2p-names';
import type { PluginApi } from './plugin-api';
import { failure } from './plugin-errors';

/** What the adapter has to know of a device. */
export interface TargetDevice {
  /** As the plugin takes it. */
  readonly xp2pInfo: string;
  readonly deviceVersion: XP2PDeviceVersion;
  /** Flag `m`: the device sends sound and pictures as two streams. */
  readonly hasPictureStream: boolean;
}

/**
 * Reads what stands behind the `%` of an `xp2pInfo`; a bare peer name gets the prefix `XP2P`. Whether
 * the rest of it is well-formed is the plugin's to say.
 * @throws IotError -2004 or -2005 when this plugin cannot talk to such a device.
 */
export function targetDevice(api: PluginApi, text: string): TargetDevice {
  const trimmed = text.trim();
  const isBare = /^\w+$/.test(trimmed) && !trimmed.startsWith('XP2P');
  const xp2pInfo = isBare ? `XP2P${trimmed}` : trimmed;
  const { Device_2_3, Device_2_4 } = P2P_NAMES.DeviceVersion;
  const match = /%(\d+)\.(\d+)\.\d+([a-z]*)$/.exec(trimmed);
  // The oldest devices tell no version.
  if (match === null) return { xp2pInfo, deviceVersion: Device_2_3, hasPictureStream: false };
  const [, major, minor, flags = ''] = match;
  const sdk = Number(major) * 1000 + Number(minor);
  if (sdk < 2003) throw tooLow(`the device's SDK ${major}.${minor} is older than 2.3`);
  const isNew = sdk >= 2004;
  if (isNew && api.isBefore('2.0.0')) {
    throw failure(
      XP2PErrorCode.Unsupported,
      'connect',
      'version-mismatch',
      `devices of SDK ${major}.${minor} need the xp2p plugin 2.0.0 or later, not ${api.version}`,
    );
  }
  if (!isNew && !api.isBefore('2.0.0') && api.isBefore('3.0.0')) {
    throw tooLow(`the xp2p plugin ${api.version} talks to devices from SDK 2.4 on`);
  }
  const deviceVersion = isNew ? Device_2_4 : Device_2_3;
  return { xp2pInfo, deviceVersion, hasPictureStream: flags.includes('m') };
}

function tooLow(message: string) {
  return failure(XP2PErrorCode.DeviceVersionTooLow, 'connect', 'device-version-too-low', message);
}
