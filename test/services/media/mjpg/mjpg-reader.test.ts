import fc from 'fast-check';
import { boundaryOf, headerOf, MjpgReader } from '../../../../services/media/mjpg';
import type { MjpgReaderOptions } from '../../../../services/media/mjpg';

interface Style {
  readonly boundary: string;
  readonly withLength: boolean;
  readonly lineEnd: '\r\n' | '\n';
  readonly ends: boolean;
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function encode(pictures: readonly Uint8Array[], style: Style): Uint8Array {
  const { boundary, withLength, lineEnd, ends } = style;
  const parts = pictures.flatMap((picture) => {
    const length = withLength ? `Content-Length: ${picture.length}${lineEnd}` : '';
    const head = `--${boundary}${lineEnd}Content-Type: image/jpeg${lineEnd}${length}${lineEnd}`;
    return [latin1(head), picture, latin1(lineEnd)];
  });
  return Uint8Array.from(Buffer.concat([...parts, latin1(ends ? `--${boundary}--` : '')]));
}

function readAll(chunks: readonly Uint8Array[], options: MjpgReaderOptions = {}) {
  const reader = new MjpgReader(options);
  const pictures: number[][] = [];
  let reason: string | null = null;
  for (const chunk of chunks) {
    const result = reader.push(chunk);
    pictures.push(...result.pictures.map((picture) => [...picture]));
    reason = result.error?.message ?? null;
  }
  return { pictures, reason };
}

function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [...at, bytes.length].map((end, i) => bytes.subarray(i === 0 ? 0 : at[i - 1], end));
}

const bytewise = (bytes: Uint8Array) => Array.from(bytes, (byte) => Uint8Array.of(byte));

/** Bytes that look like delimiters now and then, but are none. */
const arbitraryPicture = fc
  .array(
    fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.constantFrom('\r\n', '\n--', '\r\n--pi', '--', '\n--picturesque', '\n-').map(latin1),
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((pieces) =>
    Uint8Array.from(Buffer.concat([Uint8Array.of(0xff, 0xd8), ...pieces, Uint8Array.of(0xd9)])),
  );

const arbitraryStyle: fc.Arbitrary<Style> = fc.record({
  boundary: fc.constantFrom('picture', '--picture', '----a b', "x'()+_,-./:=?"),
  withLength: fc.boolean(),
  lineEnd: fc.constantFrom('\r\n', '\n'),
  ends: fc.boolean(),
});

describe('MjpgReader', () => {
  it('gives the same pictures however the stream is cut, with and without a header and lengths', () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryPicture, { maxLength: 5 }),
        arbitraryStyle,
        fc.boolean(),
        fc.array(fc.nat(), { maxLength: 30 }),
        (pictures, style, named, cuts) => {
          const bytes = encode(pictures, style);
          const contentType = `multipart/x-mixed-replace; boundary="${style.boundary}"`;
          const options = named ? { contentType } : {};
          // Without a length the last picture ends with the next delimiter.
          const whole = style.withLength || style.ends ? pictures : pictures.slice(0, -1);
          const wanted = { pictures: whole.map((picture) => [...picture]), reason: null };
          expect(readAll([bytes], options)).toEqual(wanted);
          expect(readAll(split(bytes, cuts), options)).toEqual(wanted);
          expect(readAll(bytewise(bytes), options)).toEqual(wanted);
        },
      ),
    );
  });

  it('never throws, and fails at the same place however hostile bytes are cut', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 20 }),
      fc
        .constantFrom(
          '--b\r\n',
          '\r\n--b\r\n',
          '--b--',
          '\r\n\r\n',
          'Content-Length: 3\r\n',
          'Content-Length: 99999\r\n',
          'Content-Type: text/plain\r\n',
          'no colon\r\n',
          'abc',
          '\n-',
        )
        .map(latin1),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 30 }),
        fc.array(fc.nat(), { maxLength: 30 }),
        fc.constantFrom('multipart/x-mixed-replace; boundary=b', ''),
        (pieces, cuts, contentType) => {
          const bytes = Uint8Array.from(Buffer.concat(pieces));
          const options = { contentType, maxPictureBytes: 60 };
          const whole = readAll([bytes], options);
          expect(readAll(split(bytes, cuts), options)).toEqual(whole);
          expect(readAll(bytewise(bytes), options)).toEqual(whole);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('joins a stream in the middle of a picture where the boundary is known', () => {
    const style: Style = { boundary: 'p', withLength: true, lineEnd: '\r\n', ends: false };
    const bytes = encode([Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5)], style);
    const contentType = 'multipart/x-mixed-replace;boundary=p';
    expect(readAll([bytes.subarray(20)], { contentType })).toEqual({
      pictures: [[4, 5]],
      reason: null,
    });
  });

  it('takes a boundary whose dashes the header counts already', () => {
    const style: Style = { boundary: 'p', withLength: true, lineEnd: '\r\n', ends: false };
    const bytes = encode([Uint8Array.of(1)], style);
    const contentType = 'multipart/x-mixed-replace; boundary=--p';
    expect(readAll([bytes], { contentType }).pictures).toEqual([[1]]);
  });

  it('leaves out parts that are no pictures', () => {
    const text = '--p\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi\r\n';
    const picture = '--p\r\nContent-Length: 1\r\n\r\nA\r\n';
    expect(readAll([latin1(text + picture)])).toEqual({ pictures: [[65]], reason: null });
  });

  it.each([
    ['an HTML page', '<html>', /does not begin with a boundary/],
    ['a picture above the limit', '--p\r\nContent-Length: 5000000\r\n\r\n', /above the limit/],
    ['a head that never ends', `--p\r\n${'a: b\r\n'.repeat(2_000)}`, /head of a part is too long/],
    ['a head of nonsense', '--p\r\nnonsense\r\n', /head of a part is malformed/],
    ['an endless first line', `--${'x'.repeat(300)}`, /too long for a boundary/],
    ['an endless picture', `--p\r\n\r\n${'x'.repeat(4_200_000)}\n`, /above the limit/],
  ])('refuses %s, and goes on refusing', (_name, text, message) => {
    const reader = new MjpgReader();
    const { error } = reader.push(latin1(text));
    expect(error).toMatchObject({ reason: 'media-broken', phase: 'stream' });
    expect(error!.message).toMatch(message);
    expect(reader.push(latin1('--p\r\n\r\n')).error).toBe(error);
  });

  it('hands out bytes of its own', () => {
    const chunk = Uint8Array.from(latin1('--p\r\nContent-Length: 1\r\n\r\nA\r\n'));
    const { pictures } = new MjpgReader().push(chunk);
    chunk.fill(0);
    expect([...pictures[0]!]).toEqual([65]);
  });
});

describe('boundaryOf', () => {
  it.each([
    ['multipart/x-mixed-replace; boundary=picture', 'picture'],
    ['multipart/x-mixed-replace;boundary="a b"; charset=x', 'a b'],
    ['Multipart/Mixed; charset=x; BOUNDARY=ab', 'ab'],
    ['multipart/x-mixed-replace', null],
    ['image/jpeg; boundary=x', null],
    ['multipart/x-mixed-replace; boundary=', null],
  ])('reads %s', (header, boundary) => expect(boundaryOf(header)).toBe(boundary));
});

describe('headerOf', () => {
  it('finds a header whatever its case', () => {
    expect(headerOf({ 'Content-Type': 'x' }, 'content-type')).toBe('x');
    expect(headerOf({}, 'content-type')).toBeNull();
  });
});
