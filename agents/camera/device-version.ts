/** What depends on the SDK that a device claims to run. */
export interface DeviceFeatures {
  /** `playback_ff` and `playback_speed` came with 2.4. */
  readonly playbackSpeed: boolean;
  /** Sub-devices can be listed. */
  readonly nvrList: boolean;
}

export const DEFAULT_DEVICE_VERSION = '2.4.0';

/**
 * Reads the value of `--device-version`.
 * @throws Error unless it is of the 2.3 or 2.4 line, the ones that apps know.
 */
export function parseDeviceVersion(text: string): string {
  if (/^2\.[34]\.\d{1,3}$/.test(text)) return text;
  throw new Error(`"${text}" is no device version: give 2.3.x or 2.4.x, e.g. 2.3.5`);
}

export function featuresOf(version: string): DeviceFeatures {
  const is24 = version.startsWith('2.4.');
  return { playbackSpeed: is24, nvrList: is24 };
}
