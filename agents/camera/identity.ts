import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../services/host';
import { encodeXp2pInfo } from '../../services/p2p/module';
import { keyPairOf } from '../../services/p2p/session';
import { DEFAULT_DEVICE_VERSION } from './device-version';

/** Who a camera is. Made on its first start and kept for life, but for the secret. */
export interface CameraIdentity {
  /** Static X25519 private key, 32 bytes. */
  readonly privateKey: Uint8Array;
  /** Who holds these 16 bytes may watch. */
  readonly accessSecret: Uint8Array;
  /** Ten characters of A-Z and 0-9. */
  readonly productId: string;
  readonly deviceName: string;
}

export interface LoadIdentityOptions {
  /** The folder that holds `identity.json`; made when it is missing. */
  readonly directory: string;
  readonly random: Random;
  /** Replaces the access secret: every xp2pInfo given out so far stops working. */
  readonly rotateSecret?: boolean;
  /** Told what was wrong and has been put right. */
  readonly warn?: (message: string) => void;
}

const FILE_NAME = 'identity.json';
const FORMAT_VERSION = 1;
const KEY_BYTES = 32;
const SECRET_BYTES = 16;
const PRODUCT_ID_LENGTH = 10;
const DEVICE_DIGITS = 6;
const DIGITS = '0123456789';
const UPPER_CASE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const MAX_FILE_BYTES = 4096;
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Reads the camera's identity, or makes it on the first start.
 * @throws Error when the file is damaged or cannot be read or written; the message says what to do.
 */
export function loadIdentity(options: LoadIdentityOptions): CameraIdentity {
  const { directory, random, rotateSecret = false, warn = () => undefined } = options;
  const file = join(directory, FILE_NAME);
  try {
    mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  } catch (error) {
    throw new Error(
      `cannot make the folder ${directory} (${reasonOf(error)}); choose another --data`,
      { cause: error },
    );
  }
  warnOfSharedDirectory(directory, warn);
  const stored = readIdentity(file, warn);
  if (stored && !rotateSecret) return stored;
  const identity = {
    ...(stored ?? createIdentity(random)),
    accessSecret: random.bytes(SECRET_BYTES),
  };
  writeIdentity(file, identity);
  return identity;
}

/** What an xp2pInfo tells of a device besides how to reach it. */
export interface DeviceKind {
  /** E.g. `2.4.0`. */
  readonly sdkVersion: string;
  /** `m`: the camera sends pictures, not video. */
  readonly flags: '' | 'm';
}

/** The text that lets a viewer reach the camera and proves that it may. */
export function xp2pInfoOf(
  identity: CameraIdentity,
  relayUrl: string,
  { sdkVersion, flags }: DeviceKind = { sdkVersion: DEFAULT_DEVICE_VERSION, flags: '' },
): string {
  return encodeXp2pInfo({
    publicKey: keyPairOf(identity.privateKey).publicKey,
    accessSecret: identity.accessSecret,
    relayUrl,
    sdkVersion,
    flags,
  });
}

function createIdentity(random: Random): CameraIdentity {
  return {
    privateKey: random.bytes(KEY_BYTES),
    accessSecret: random.bytes(SECRET_BYTES),
    productId: randomText(random, UPPER_CASE + DIGITS, PRODUCT_ID_LENGTH),
    deviceName: `camera_${randomText(random, DIGITS, DEVICE_DIGITS)}_1`,
  };
}

function randomText(random: Random, alphabet: string, length: number): string {
  // Bytes from here on would make the alphabet's first letters more likely.
  const limit = 256 - (256 % alphabet.length);
  let text = '';
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < limit && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

function readIdentity(file: string, warn: (message: string) => void): CameraIdentity | null {
  let text: string;
  try {
    if (statSync(file).size > MAX_FILE_BYTES) throw damaged(file, 'it is too large');
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    if (code === undefined) throw error;
    throw new Error(`cannot read ${file} (${reasonOf(error)}); let this user read it`, {
      cause: error,
    });
  }
  const identity = parseIdentity(text, file);
  closeToOthers(file, warn);
  return identity;
}

function parseIdentity(text: string, file: string): CameraIdentity {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw damaged(file, 'it is not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw damaged(file, 'it holds no object');
  const fields = parsed as Readonly<Record<string, unknown>>;
  if (fields['version'] !== FORMAT_VERSION) {
    throw damaged(file, `its version is not ${FORMAT_VERSION}`);
  }
  const { productId, deviceName } = fields;
  if (typeof productId !== 'string' || !/^[A-Z0-9]{10}$/.test(productId)) {
    throw damaged(file, 'productId is not ten letters and digits');
  }
  if (typeof deviceName !== 'string' || !/^\w{1,64}$/.test(deviceName)) {
    throw damaged(file, 'deviceName is not a word');
  }
  return {
    privateKey: readBytes(fields, 'privateKey', KEY_BYTES, file),
    accessSecret: readBytes(fields, 'accessSecret', SECRET_BYTES, file),
    productId,
    deviceName,
  };
}

function readBytes(
  fields: Readonly<Record<string, unknown>>,
  name: string,
  length: number,
  file: string,
): Uint8Array {
  const text = fields[name];
  const bytes = typeof text === 'string' ? Uint8Array.from(Buffer.from(text, 'base64url')) : null;
  if (bytes?.length !== length) throw damaged(file, `${name} is not ${length} bytes`);
  return bytes;
}

function damaged(file: string, how: string): Error {
  return new Error(
    `the camera's identity ${file} is damaged: ${how}. Put a backup in its place, or delete it: ` +
      'the camera then becomes a new one, and every xp2pInfo given out for it stops working',
  );
}

/** Written beside and renamed: a power cut leaves the old identity or the new one, never half of it. */
function writeIdentity(file: string, identity: CameraIdentity): void {
  const draft = `${file}.${process.pid}.new`;
  const content = {
    version: FORMAT_VERSION,
    privateKey: base64url(identity.privateKey),
    accessSecret: base64url(identity.accessSecret),
    productId: identity.productId,
    deviceName: identity.deviceName,
  };
  try {
    rmSync(draft, { force: true });
    const descriptor = openSync(draft, 'wx', FILE_MODE);
    try {
      writeSync(descriptor, `${JSON.stringify(content, null, 2)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new Error(`cannot write ${file} (${reasonOf(error)}); choose another --data`, {
      cause: error,
    });
  }
}

/** The private key and the secret are for this user alone. Windows has no such modes. */
function closeToOthers(file: string, warn: (message: string) => void): void {
  if (process.platform === 'win32' || (statSync(file).mode & OTHERS) === 0) return;
  try {
    chmodSync(file, FILE_MODE);
    warn(`${file} was open to other users of this machine; that is put right`);
  } catch (error) {
    warn(`${file} is open to other users, and that cannot be changed (${reasonOf(error)})`);
  }
}

/** A folder that was there before may be in use by others, so its mode is not ours to change. */
function warnOfSharedDirectory(directory: string, warn: (message: string) => void): void {
  if (process.platform === 'win32' || (statSync(directory).mode & OTHERS_WRITE) === 0) return;
  warn(`other users can replace the camera's identity in ${directory}; run chmod 700 on it`);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
