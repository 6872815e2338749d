import { decodeXp2pInfo } from '@services/p2p/module';
import Taro from '@tarojs/taro';
import { parseDevices } from './parse-devices';
import type { Camera } from './types';

const STORAGE_KEY = 'iot-demo-cameras';

/** The cameras that the user has added. */
export function addedCameras(): readonly Camera[] {
  const stored: unknown = Taro.getStorageSync(STORAGE_KEY);
  if (!Array.isArray(stored)) return [];
  return parseDevices({ devices: stored }).map((camera) => ({ ...camera, origin: 'added' }));
}

/**
 * Keeps a camera; one with the same `xp2pInfo` gets the new name.
 * @throws IotError when the xp2pInfo is malformed, too old, or of a vendor's camera.
 */
export function addCamera(name: string, pastedInfo: string): void {
  // Copied from a terminal it may be broken into lines.
  const xp2pInfo = pastedInfo.replace(/\s+/g, '');
  decodeXp2pInfo(xp2pInfo);
  const others = addedCameras().filter((camera) => camera.xp2pInfo !== xp2pInfo);
  const taken = new Set(others.map(({ id }) => id));
  let number = 1;
  while (taken.has(`added-${number}`)) number++;
  const trimmed = name.trim();
  save([
    ...others,
    { id: `added-${number}`, xp2pInfo, origin: 'added', ...(trimmed !== '' && { name: trimmed }) },
  ]);
}

export function removeCamera(id: string): void {
  save(addedCameras().filter((camera) => camera.id !== id));
}

function save(cameras: readonly Camera[]): void {
  Taro.setStorageSync(STORAGE_KEY, cameras);
}
