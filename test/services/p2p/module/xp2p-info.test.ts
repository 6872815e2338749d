import fc from 'fast-check';
import { IotError } from '../../../../services/errors';
import { decodeXp2pInfo, encodeXp2pInfo } from '../../../../services/p2p/module';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 });
const secret = fc.uint8Array({ minLength: 16, maxLength: 16 });

function errorOf(text: string): IotError {
  try {
    decodeXp2pInfo(text);
  } catch (error) {
    if (error instanceof IotError) return error;
  }
  throw new Error(`"${text}" was accepted`);
}

describe('xp2pInfo', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(key, secret, fc.constantFrom('', 'm'), (publicKey, accessSecret, flags) => {
        const info = {
          publicKey,
          accessSecret,
          relayUrl: 'wss://relay.example:8443/relay',
          sdkVersion: '2.4.12',
          flags,
        };
        expect(decodeXp2pInfo(encodeXp2pInfo(info))).toEqual(info);
      }),
    );
  });

  const good = encodeXp2pInfo({
    publicKey: new Uint8Array(32).fill(1),
    accessSecret: new Uint8Array(16).fill(2),
    relayUrl: 'ws://relay.example/relay',
    sdkVersion: '2.4.0',
    flags: '',
  });

  it.each([
    '',
    'XP2P',
    'hello',
    good.replace('XP2P', ''),
    good.replace('%2.4.0', ''),
    good.slice(0, 60) + '%2.4.0',
    `${good}!`,
    'x'.repeat(5000),
  ])('that is malformed is -2001: %j', (text) => {
    expect(errorOf(text)).toMatchObject({ code: -2001, reason: 'xp2p-info-malformed' });
  });

  it.each(['%2.2.9', '%1.9.0', '%2.0.99'])(
    'of a device that is too old is -2005: %s',
    (version) => {
      expect(errorOf(good.replace('%2.4.0', version))).toMatchObject({ code: -2005 });
    },
  );

  it('of a vendor’s camera is -2404', () => {
    expect(errorOf('XP2Pzq1YkKZqkJqcG9ASU8A8g==%2.4.33')).toMatchObject({
      code: -2404,
      reason: 'vendor-device',
    });
  });

  it('is refused with an IotError, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(errorOf(`XP2P${text}%2.4.0`)).toBeInstanceOf(IotError);
      }),
    );
  });
});
