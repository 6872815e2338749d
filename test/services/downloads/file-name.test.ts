import fc from 'fast-check';
import { safeFileName } from '../../../services/downloads';

const wild = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '../../etc/passwd',
    'CON',
    'com1.flv',
    '...',
    '',
    ' .mp4',
    'a\0b',
    'C:\\x',
    '\ud800',
  ),
);

describe('safeFileName', () => {
  it('keeps what is good', () => {
    expect(safeFileName(['Tür', '2026/11/23 01.flv'], '.mp4', [])).toBe('Tür-2026-11-23 01.flv');
    expect(safeFileName(['cam', 'p2p_demo'], '.mp4', [])).toBe('cam-p2p_demo.mp4');
    expect(safeFileName(['摄像头', 'a.FLV'], '.mp4', [])).toBe('摄像头-a.flv');
  });

  it('counts up where a name is taken, whatever the case', () => {
    expect(safeFileName(['a.flv'], '.mp4', ['A.FLV', 'a-2.flv'])).toBe('a-3.flv');
  });

  it('gives a name that every file system takes, whatever the camera calls it', () => {
    fc.assert(
      fc.property(wild, wild, (device, file) => {
        const name = safeFileName([device, file], '.mp4', []);
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(160);
        // eslint-disable-next-line no-control-regex
        expect(name).not.toMatch(/[\x00-\x1f\x7f"*/:<>?\\|\u202e]/);
        expect(name).toMatch(/^[^. -].*\.[a-z0-9]{1,9}$/u);
        expect(name).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)\./i);
        expect(Buffer.from(name, 'utf8').toString('utf8')).toBe(name);
      }),
      { numRuns: 500 },
    );
  });

  it('never gives one name twice', () => {
    fc.assert(
      fc.property(fc.array(wild, { maxLength: 30 }), (files) => {
        const taken: string[] = [];
        for (const file of files) taken.push(safeFileName(['cam', file], '.mp4', taken));
        expect(new Set(taken.map((name) => name.toLowerCase())).size).toBe(taken.length);
      }),
    );
  });
});
