import { CaptureSource, pickCapture } from '@components/iot-talk/capture-source';
import type { TalkLine, TalkSource } from '@services/talk';

const source = (): jest.Mocked<TalkSource> => ({
  authorise: jest.fn(() => Promise.resolve()),
  start: jest.fn((_line: TalkLine) => Promise.resolve()),
  stop: jest.fn(),
});
const pusher = { source: source(), isThere: true, switchCamera: jest.fn(), onDenied: null };
const features = (...codecs: ('pcm' | 'flv')[]) => ({ codecs, rates: [], duplex: true });

describe('pickCapture', () => {
  it.each([
    ['auto', pusher, features('pcm', 'flv'), 'pusher'],
    ['auto', pusher, features('flv'), 'pusher'],
    ['auto', pusher, features('pcm'), 'recorder'],
    ['auto', pusher, null, 'recorder'],
    ['auto', null, features('pcm', 'flv'), 'recorder'],
    ['auto', { ...pusher, isThere: false }, features('pcm', 'flv'), 'recorder'],
    ['recorder', pusher, features('pcm', 'flv'), 'recorder'],
    ['pusher', pusher, null, 'pusher'],
    ['pusher', null, null, 'recorder'],
  ] as const)('%s of %j for %j: %s', (capture, host, takes, expected) => {
    expect(pickCapture({ capture, pusher: host, features: takes })).toBe(expected);
  });

  it('refuses a camera that takes FLV only where there is no pusher', () => {
    const options = { capture: 'auto', pusher: null, features: features('flv') } as const;
    expect(() => pickCapture(options)).toThrow(
      expect.objectContaining({ reason: 'talk-unsupported' }),
    );
  });
});

describe('CaptureSource', () => {
  it('decides anew for each talk, and keeps to it until its end', async () => {
    const [first, second] = [source(), source()];
    const picked = [first, second];
    const capture = new CaptureSource(() => picked.shift()!);
    await capture.authorise();
    await capture.start({} as never);
    capture.stop();
    await capture.authorise();
    capture.stop();
    expect([first.authorise, first.start, first.stop].map((fn) => fn.mock.calls.length)).toEqual([
      1, 1, 1,
    ]);
    expect([second.authorise, second.start, second.stop].map((fn) => fn.mock.calls.length)).toEqual(
      [1, 0, 1],
    );
  });

  it('rejects as a talk does when nothing can capture', async () => {
    const capture = new CaptureSource(() => {
      throw new Error('none');
    });
    await expect(capture.authorise()).rejects.toThrow('none');
    capture.stop();
  });
});
