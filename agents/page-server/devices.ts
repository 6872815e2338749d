import { readFile } from 'node:fs/promises';

/** A camera that the demo page offers. */
export interface DemoDevice {
  readonly id: string;
  readonly name: string;
  readonly productId: string;
  readonly deviceName: string;
  readonly xp2pInfo: string;
}

const FIELDS = ['id', 'name', 'productId', 'deviceName', 'xp2pInfo'] as const;

function toDevice(value: unknown): DemoDevice {
  const record = (value ?? {}) as Record<string, unknown>;
  for (const field of FIELDS) {
    if (typeof record[field] !== 'string') {
      throw new Error(`a device needs "${field}" as a string: ${JSON.stringify(value)}`);
    }
  }
  const { id, name, productId, deviceName, xp2pInfo } = record as unknown as DemoDevice;
  return { id, name, productId, deviceName, xp2pInfo };
}

export function parseDevice(json: string): DemoDevice {
  return toDevice(JSON.parse(json));
}

/** The devices of a file that holds what `/demo/devices.json` answers. */
export async function readDevicesFile(file: string): Promise<readonly DemoDevice[]> {
  const content = JSON.parse(await readFile(file, 'utf8')) as { devices?: unknown } | null;
  if (!Array.isArray(content?.devices)) throw new Error(`${file} has no list "devices"`);
  return content.devices.map(toDevice);
}
