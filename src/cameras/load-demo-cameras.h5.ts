import Taro from '@tarojs/taro';
import { parseDevices } from './parse-devices';
import type { Camera } from './types';

/** The cameras of the server that serves this page. */
export async function loadDemoCameras(): Promise<readonly Camera[]> {
  const { statusCode, data } = await Taro.request<unknown>({ url: './demo/devices.json' });
  if (statusCode !== 200) throw new Error(`the server answered with status ${statusCode}`);
  return parseDevices(data);
}
