import { base64urlnopad } from '@scure/base';
import { IotError, XP2PErrorCode } from '../../errors';
import type { PeerAddress } from '../endpoint';
import { decodeUtf8, encodeUtf8 } from '../../encoding';
import { relayAuthority } from '../transport';

/**
 * First byte of an open camera's identity. The vendor's peer ids are 20 bytes or so; ours are longer
 * and start with this.
 */
const OPEN_FORMAT = 0xa1;
const KEY_BYTES = 32;
const SECRET_BYTES = 16;
const MAX_LENGTH = 1024;
/** The oldest device SDK the guide's plugin accepts (since its 1.0.1). */
const MIN_VERSION = [2, 3, 0] as const;

/** What an open camera's `xp2pInfo` says. */
export interface Xp2pInfo extends PeerAddress {
  /** Version of the device's SDK, e.g. `2.4.0`. */
  readonly sdkVersion: string;
  /** One-letter flags; `m`: the camera sends pictures, not video. */
  readonly flags: string;
}

/** Writes `XP2P` + base64url(format, public key, access secret, relay URL) + `%` + version + flags. */
export function encodeXp2pInfo(info: Xp2pInfo): string {
  const url = encodeUtf8(info.relayUrl);
  const bytes = new Uint8Array(1 + KEY_BYTES + SECRET_BYTES + url.length);
  bytes[0] = OPEN_FORMAT;
  bytes.set(info.publicKey, 1);
  bytes.set(info.accessSecret, 1 + KEY_BYTES);
  bytes.set(url, 1 + KEY_BYTES + SECRET_BYTES);
  return `XP2P${base64urlnopad.encode(bytes)}%${info.sdkVersion}${info.flags}`;
}

/**
 * Reads an `xp2pInfo`.
 * @throws IotError -2001 when it is malformed, -2005 when the device's SDK is older than 2.3.0, -2404
 *   when it names a camera that speaks the vendor's closed protocol.
 */
export function decodeXp2pInfo(text: string): Xp2pInfo {
  const match =
    typeof text === 'string' && text.length <= MAX_LENGTH
      ? /^XP2P([A-Za-z0-9+/=_-]+)%(\d+)\.(\d+)\.(\d+)([a-z]*)$/.exec(text.trim())
      : null;
  if (match === null) {
    throw malformed('xp2pInfo is not of the form XP2P<identity>%<major>.<minor>.<patch><flags>');
  }
  const [, identity = '', major, minor, patch, flags = ''] = match;
  const sdkVersion = `${major}.${minor}.${patch}`;
  requireVersion(sdkVersion);
  return { ...readIdentity(identity), sdkVersion, flags };
}

function readIdentity(identity: string): PeerAddress {
  const bytes = decodeBase64(identity);
  if (bytes === null || bytes[0] !== OPEN_FORMAT) {
    throw new IotError({
      code: XP2PErrorCode.HostUnsupported,
      phase: 'connect',
      reason: 'vendor-device',
      message: 'xp2pInfo names a camera of the vendor, which only its own plugin can reach',
      retryable: false,
      field: 'xp2pInfo',
    });
  }
  const urlAt = 1 + KEY_BYTES + SECRET_BYTES;
  const relayUrl = decodeUtf8(bytes.subarray(urlAt));
  if (bytes.length <= urlAt || relayAuthority(relayUrl) === null) {
    throw malformed('xp2pInfo is cut off or holds no relay URL');
  }
  return {
    publicKey: bytes.slice(1, 1 + KEY_BYTES),
    accessSecret: bytes.slice(1 + KEY_BYTES, urlAt),
    relayUrl,
  };
}

function decodeBase64(text: string): Uint8Array | null {
  try {
    return base64urlnopad.decode(text);
  } catch {
    return null;
  }
}

function requireVersion(sdkVersion: string): void {
  const parts = sdkVersion.split('.').map(Number);
  for (let i = 0; i < MIN_VERSION.length; i++) {
    const part = parts[i]!;
    if (part > MIN_VERSION[i]!) return;
    if (part < MIN_VERSION[i]!) {
      throw new IotError({
        code: XP2PErrorCode.DeviceVersionTooLow,
        phase: 'connect',
        reason: 'device-version-too-low',
        message: `the device's SDK ${sdkVersion} is older than ${MIN_VERSION.join('.')}`,
        retryable: false,
        field: 'xp2pInfo',
      });
    }
  }
}

function malformed(message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.XP2PInfoMalformed,
    phase: 'connect',
    reason: 'xp2p-info-malformed',
    message,
    retryable: false,
    field: 'xp2pInfo',
  });
}
