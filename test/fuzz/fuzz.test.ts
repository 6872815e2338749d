import { Fuzzer } from './fuzzer';
import { FRAME_TYPES } from './hostile-frames';

const INPUTS = 20_000;

describe('hostile bytes', () => {
  // `npm run fuzz` throws as many as one likes.
  it('neither throw out of what reads them, nor hang it, nor fill its memory', () => {
    const fuzzer = new Fuzzer(20261123);
    fuzzer.run(INPUTS);
    const { inputs, frames, targets, sessions, most } = fuzzer.report;
    expect(inputs).toBe(INPUTS);
    expect(Object.keys(frames).sort()).toEqual([...FRAME_TYPES].sort());
    expect(Object.keys(targets)).toEqual(
      expect.arrayContaining([
        'camera: frames',
        'viewer: frames',
        'camera, closed: frames',
        'viewer, closed: frames',
        'handshaking: forged packet',
        'message 1',
        'relay',
        'stun',
        'http',
        'flv',
        'xp2pInfo',
      ]),
    );
    expect(sessions['violation 0x7']).toBeGreaterThan(100);
    // Both flow-control windows full, in the smallest pieces.
    expect(most.entries).toBeLessThan(50_000);
    expect(most.bytes).toBeLessThan(16 * 1024 * 1024);
  });
});
