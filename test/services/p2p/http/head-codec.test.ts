import fc from 'fast-check';
import {
  encodeRequestHead,
  encodeResponseHead,
  HeadReader,
  MAX_HEAD_BYTES,
  parseRequestHead,
  parseResponseHead,
} from '../../../../services/p2p/http/head-codec';
import { decodeUtf8, encodeUtf8 } from '../../../../services/encoding';

const headOf = (bytes: Uint8Array) => decodeUtf8(bytes).replace(/\r\n\r\n$/, '');

describe('heads', () => {
  it('of requests come back with path, query and fields', () => {
    const bytes = encodeRequestHead('GET', '/ipc.flv?action=live&name=a%20b+c&flag', {
      Range: 'x: y',
    });
    expect(parseRequestHead(headOf(bytes))).toEqual({
      method: 'GET',
      path: '/ipc.flv',
      query: { action: 'live', name: 'a b c', flag: '' },
      headers: { range: 'x: y' },
    });
  });

  it('of responses come back with status and fields', () => {
    const bytes = encodeResponseHead(404, { 'Content-Type': 'text/plain' });
    expect(parseResponseHead(headOf(bytes))).toEqual({
      status: 404,
      headers: { 'content-type': 'text/plain' },
    });
  });

  it.each([
    ['a line break in a value', () => encodeResponseHead(200, { a: 'b\r\nc: d' })],
    ['a line break in a target', () => encodeRequestHead('GET', '/a\r\nb')],
    ['a space in a target', () => encodeRequestHead('GET', '/a b')],
    ['a name that is no token', () => encodeResponseHead(200, { 'a b': 'c' })],
    ['a status out of range', () => encodeResponseHead(99)],
  ])('are refused with %s', (_, encode) => {
    expect(encode).toThrow(RangeError);
  });

  it.each([
    '',
    'GET /',
    'GET  / HTTP/1.1',
    'get / HTTP/1.1',
    'GET x HTTP/1.1',
    'GET /?%zz HTTP/1.1',
    'GET / HTTP/1.1\r\nno colon',
  ])('are no request: %j', (text) => {
    expect(parseRequestHead(text)).toBeNull();
  });

  it('cannot reach the prototype by a parameter’s or field’s name', () => {
    const head = parseRequestHead('GET /?__proto__=1 HTTP/1.1\r\n__proto__: 2');
    expect(head?.query['__proto__']).toBe('1');
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });

  it('are read as something or nothing from hostile text', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => {
        parseRequestHead(text);
        parseResponseHead(`HTTP/1.1 200 OK\r\n${text}`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('HeadReader', () => {
  it('finds the end of the head in whatever pieces it arrives', () => {
    const bytes = Uint8Array.of(...encodeResponseHead(200, { a: 'b' }), 1, 2, 3);
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }),
        (sizes) => {
          const reader = new HeadReader();
          const body: number[] = [];
          let text: string | null = null;
          let at = 0;
          for (const size of sizes) {
            const piece = bytes.subarray(at, at + size);
            at += size;
            if (text !== null) {
              body.push(...piece);
              continue;
            }
            const read = reader.push(piece);
            if (read === null || read === 'too-long') continue;
            text = read.text;
            body.push(...read.rest);
          }
          expect(parseResponseHead(text ?? '')).toEqual({ status: 200, headers: { a: 'b' } });
          expect(body).toEqual([1, 2, 3]);
        },
      ),
    );
  });

  it('gives up on a head that does not end', () => {
    const reader = new HeadReader();
    expect(reader.push(encodeUtf8('a'.repeat(MAX_HEAD_BYTES)))).toBeNull();
    expect(reader.push(encodeUtf8('a'))).toBe('too-long');
  });
});
