import fc from 'fast-check';
import { recordingName, snapshotName } from '../../../services/recorder';

const AT = new Date(2026, 10, 23, 2, 19, 4).getTime();

describe('snapshotName and recordingName', () => {
  it('tell camera and local time', () => {
    expect(snapshotName('Front door', AT, 'png')).toBe('Front door 2026-11-23 02-19-04.png');
    expect(recordingName('门口', AT, 0, 'mp4')).toBe('门口 2026-11-23 02-19-04.mp4');
    expect(recordingName('Door', AT, 2, 'flv')).toBe('Door 2026-11-23 02-19-04 (3).flv');
  });

  it('leave out what a file system does not take', () => {
    expect(snapshotName('../a/b:c', AT, 'png')).toBe('a b c 2026-11-23 02-19-04.png');
    expect(snapshotName('///', AT, 'png')).toBe('camera 2026-11-23 02-19-04.png');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(snapshotName(name, AT, 'png')).toMatch(/^[^\\/:*?"<>|\p{Cc}]{1,84}$/u);
      }),
    );
  });
});
