import type { Host } from '../../host';

const STORAGE_KEY = 'taro-iot-video.uuid';
const PATTERN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A random UUID (RFC 9562 §5.4) that stays the same while the app's storage lives. */
export function persistentUuid(host: Host): string {
  const stored = host.storage.get(STORAGE_KEY);
  if (stored !== null && PATTERN.test(stored)) return stored;
  const bytes = host.random.bytes(16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const uuid = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  host.storage.set(STORAGE_KEY, uuid);
  return uuid;
}
