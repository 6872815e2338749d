import fc from 'fast-check';
import { PartReader } from '../../../../agents/camera/pictures/part-reader';
import { PictureHub } from '../../../../agents/camera/pictures/picture-hub';
import { PictureStream } from '../../../../agents/camera/pictures/picture-stream';
import { LiveHub } from '../../../../agents/camera/live-hub';
import { ManualClock } from '../../manual-clock';
import { FakeResponse } from '../fake-response';
import { fakePipes } from '../lib/fake-pipe';

const part = (jpeg: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from(`--ffmpeg\r\nContent-type: image/jpeg\r\nContent-length: ${jpeg.length}\r\n\r\n`),
    jpeg,
    Buffer.from('\r\n'),
  ]);

describe('PartReader', () => {
  it('finds every picture, however the bytes are cut up', () => {
    const pictures = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 });
    fc.assert(
      fc.property(pictures, fc.integer({ min: 1, max: 200 }), (jpegs, size) => {
        const bytes = Buffer.concat(jpegs.map(part));
        const reader = new PartReader();
        const found: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          found.push(...reader.push(bytes.subarray(at, at + size)));
        }
        expect(found).toEqual(jpegs);
      }),
    );
  });

  it.each([
    ['x'.repeat(2_000), 'no head'],
    ['--a\r\nContent-length: 0\r\n\r\n', 'length'],
    ['--a\r\nContent-length: 99999999\r\n\r\n', 'length'],
    ['--a\r\n\r\n', 'length'],
  ])('gives up on what is no multipart (%#)', (text, message) => {
    expect(() => new PartReader().push(Buffer.from(text))).toThrow(message);
  });
});

describe('PictureHub', () => {
  let clock: ManualClock;
  let hub: PictureHub;
  let left: number;
  const join = (): FakeResponse => {
    const response = new FakeResponse();
    hub.addViewer(response, () => left++);
    return response;
  };
  beforeEach(() => {
    clock = new ManualClock();
    hub = new PictureHub(clock);
    left = 0;
  });

  it('writes each picture as a part that begins a piece', () => {
    const viewer = join();
    hub.onPicture(Uint8Array.of(1, 2, 3));
    hub.onPicture(Uint8Array.of(4));
    expect(viewer.headers['content-type']).toBe('multipart/x-mixed-replace; boundary=picture');
    expect(viewer.chunks.map((chunk) => Buffer.from(chunk).toString('latin1'))).toEqual([
      '--picture\r\nContent-Type: image/jpeg\r\nContent-Length: 3\r\n\r\n\x01\x02\x03\r\n',
      '--picture\r\nContent-Type: image/jpeg\r\nContent-Length: 1\r\n\r\n\x04\r\n',
    ]);
  });

  it('leaves whole pictures out for a viewer that is behind', () => {
    const [slow, quick] = [join(), join()];
    slow.stalled = true;
    for (let i = 0; i < 10; i++) hub.onPicture(new Uint8Array(100_000));
    expect([slow.chunks.length, quick.chunks.length]).toEqual([3, 10]);
    slow.drain();
    hub.onPicture(Uint8Array.of(1));
    expect(slow.chunks).toHaveLength(4);
  });

  it('answers 503 when no picture comes, and ends streams when it closes', () => {
    const waiting = join();
    clock.advance(5_000);
    expect([waiting.status, left]).toEqual([503, 1]);
    const viewer = join();
    hub.onPicture(Uint8Array.of(1));
    hub.close();
    expect([viewer.ended, left, clock.pendingTimers]).toEqual([true, 2, 0]);
    expect(viewer.text).toMatch(/--picture--\r\n$/);
  });
});

describe('PictureStream', () => {
  it('encodes while somebody watches, and starts anew on nonsense', () => {
    const clock = new ManualClock();
    const warnings: string[] = [];
    const { pipes, startPipe } = fakePipes();
    const stream = new PictureStream({
      source: new LiveHub({ clock }),
      clock,
      log: { warn: (text) => warnings.push(text), debug: () => undefined },
      startPipe,
    });
    expect(pipes).toHaveLength(0);
    const viewer = new FakeResponse();
    let left = 0;
    stream.addViewer(viewer, () => left++);
    pipes[0]!.events.onOutput(part(Uint8Array.of(9)));
    expect(viewer.status).toBe(200);
    pipes[0]!.events.onOutput(new Uint8Array(3_000));
    expect([pipes[0]!.stopped, warnings[0]]).toEqual([
      1,
      expect.stringContaining('cannot be read'),
    ]);
    pipes[0]!.events.onExit('SIGTERM');
    clock.advance(1_000);
    expect(pipes).toHaveLength(2);
    viewer.onClose!();
    clock.advance(10_000);
    expect([left, pipes[1]!.stopped]).toEqual([1, 1]);
  });
});
