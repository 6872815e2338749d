import fc from 'fast-check';
import { paramsOf, safeQuery, targetOf } from '../../../../services/p2p/module/query';

describe('safeQuery', () => {
  it('gives what may stand in a request, whatever it is given, and leaves that alone', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const query = safeQuery(text);
        expect(`/?${query}`).toMatch(/^\/[\x21-\x7e]*$/);
        expect(query).not.toMatch(/["#<>\\^`{|}]/);
        expect(safeQuery(query)).toBe(query);
      }),
    );
  });
});

describe('paramsOf', () => {
  it('reads back what was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        expect(paramsOf(`a=${encodeURIComponent(value)}&b=1`)).toEqual({ a: value, b: '1' });
      }),
    );
  });
});

describe('targetOf', () => {
  it.each([
    ['', false, '/file'],
    ['', true, '/file?_crypto=off'],
    ['a=1', true, '/file?a=1&_crypto=off'],
    ['_crypto=off&a=1', true, '/file?_crypto=off&a=1'],
    ['_crypto=on', true, '/file?_crypto=on'],
  ])('of %j with offCrypto %s is %s', (params, offCrypto, target) => {
    expect(targetOf('/file', params, offCrypto)).toBe(target);
  });
});
