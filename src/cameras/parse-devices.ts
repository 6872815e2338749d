import type { Camera } from './types';

/** Reads the answer of the demo server; leaves out what is no camera. */
export function parseDevices(answer: unknown): readonly Camera[] {
  const devices: unknown = isRecord(answer) ? answer.devices : undefined;
  if (!Array.isArray(devices)) throw new Error('the answer holds no list of devices');
  return devices.flatMap((device: unknown): Camera[] => {
    if (!isRecord(device)) return [];
    const { id, name, productId, deviceName, xp2pInfo } = device;
    if (typeof id !== 'string' || id === '' || typeof xp2pInfo !== 'string') return [];
    return [
      {
        id,
        xp2pInfo,
        origin: 'demo',
        ...(typeof name === 'string' && { name }),
        ...(typeof productId === 'string' && { productId }),
        ...(typeof deviceName === 'string' && { deviceName }),
      },
    ];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
