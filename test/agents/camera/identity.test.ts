import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { x25519 } from '@noble/curves/ed25519.js';
import { loadIdentity, xp2pInfoOf } from '../../../agents/camera/identity';
import type { LoadIdentityOptions } from '../../../agents/camera/identity';
import { createNodeHost } from '../../../services/host/node';
import { decodeXp2pInfo } from '../../../services/p2p/module';

const { random } = createNodeHost();

describe('loadIdentity', () => {
  let directory: string;
  let file: string;
  let warnings: string[];

  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'camera-')), 'data');
    file = join(directory, 'identity.json');
    warnings = [];
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  const load = (options: Partial<LoadIdentityOptions> = {}): ReturnType<typeof loadIdentity> =>
    loadIdentity({
      directory,
      random,
      warn: (message) => warnings.push(message),
      ...options,
    });
  const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  it('makes an identity on the first start, for this user alone', () => {
    const identity = load();
    expect(identity.privateKey).toHaveLength(32);
    expect(identity.accessSecret).toHaveLength(16);
    expect(identity.productId).toMatch(/^[A-Z0-9]{10}$/);
    expect(identity.deviceName).toMatch(/^camera_\d{6}_1$/);
    expect([mode(directory), mode(file)]).toEqual(['700', '600']);
    expect(readdirSync(directory)).toEqual(['identity.json']);
    expect(warnings).toEqual([]);
  });

  it('keeps it from start to start', () => {
    expect(load()).toEqual(load());
  });

  it('changes the secret on request, and nothing else', () => {
    const before = load();
    const after = load({ rotateSecret: true });
    expect(after).toEqual({ ...before, accessSecret: after.accessSecret });
    expect(after.accessSecret).not.toEqual(before.accessSecret);
    expect(load()).toEqual(after);
    expect(readdirSync(directory)).toEqual(['identity.json']);
  });

  it('closes a file that others can read, and says so', () => {
    load();
    chmodSync(file, 0o644);
    load();
    expect(mode(file)).toBe('600');
    expect(warnings).toEqual([expect.stringContaining('was open to other users')]);
  });

  it('warns of a folder that others can write to, and leaves it as it is', () => {
    mkdirSync(directory);
    chmodSync(directory, 0o777);
    load();
    expect(mode(directory)).toBe('777');
    expect(warnings).toEqual([expect.stringContaining('chmod 700')]);
  });

  it.each([
    ['cut off', '{"version": 1, "priv'],
    ['no object', '"text"'],
    ['another version', '{"version": 2}'],
    ['empty', ''],
    ['huge', ' '.repeat(5000)],
  ])('refuses a damaged file (%s) and says what to do', (_name, content) => {
    load();
    writeFileSync(file, content);
    expect(() => load()).toThrow(/identity\.json is damaged: .*backup.*delete it/s);
    expect(() => load({ rotateSecret: true })).toThrow('is damaged');
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it.each(['privateKey', 'accessSecret', 'productId', 'deviceName'])(
    'refuses a file with a wrong %s',
    (field) => {
      load();
      const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
      for (const value of [undefined, 7, 'a b', '']) {
        writeFileSync(file, JSON.stringify({ ...content, [field]: value }));
        expect(() => load()).toThrow(field);
      }
    },
  );

  it('says what to do when the folder cannot be made', () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'file'), '');
    expect(() => load({ directory: join(directory, 'file') })).toThrow('choose another --data');
  });
});

describe('xp2pInfoOf', () => {
  it('tells key, secret and relay', () => {
    const directory = mkdtempSync(join(tmpdir(), 'camera-'));
    const identity = loadIdentity({ directory, random });
    rmSync(directory, { recursive: true });
    expect(decodeXp2pInfo(xp2pInfoOf(identity, 'wss://relay.example/relay'))).toEqual({
      publicKey: x25519.getPublicKey(identity.privateKey),
      accessSecret: identity.accessSecret,
      relayUrl: 'wss://relay.example/relay',
      sdkVersion: '2.4.0',
      flags: '',
    });
  });
});
