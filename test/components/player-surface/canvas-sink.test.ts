import { CanvasPicture } from '@components/player-surface/canvas-picture';
import { CanvasSink } from '@components/player-surface/canvas-sink';

const HEADERS = { 'Content-Type': 'multipart/x-mixed-replace; boundary=p' };

function part(byte: number): ArrayBuffer {
  const text = `--p\r\nContent-Length: 1\r\n\r\n${String.fromCharCode(byte)}\r\n`;
  return Uint8Array.from(text, (char) => char.charCodeAt(0)).buffer;
}

interface Decode {
  readonly blob: Blob;
  readonly resolve: (size?: { width: number; height: number }) => void;
  readonly reject: () => void;
}

const decodes: Decode[] = [];
const closed = jest.fn();
const drawn = jest.fn();

beforeEach(() => {
  decodes.length = 0;
  closed.mockClear();
  drawn.mockClear();
  jest.useFakeTimers();
  Object.assign(globalThis, {
    createImageBitmap: (blob: Blob) =>
      new Promise((resolve, reject) => {
        decodes.push({
          blob,
          resolve: (size = { width: 4, height: 2 }) => resolve({ ...size, close: closed }),
          reject: () => reject(new Error('damaged')),
        });
      }),
  });
});

afterEach(() => {
  jest.useRealTimers();
  Reflect.deleteProperty(globalThis, 'createImageBitmap');
});

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

function setUp() {
  const canvas = document.createElement('canvas');
  canvas.getContext = (() => ({ drawImage: drawn })) as unknown as typeof canvas.getContext;
  const sink = new CanvasSink(canvas);
  const names = [
    'onReady',
    'onStartPull',
    'onFirstFrame',
    'onVideoSize',
    'onProgress',
    'onStalled',
    'onResumed',
    'onBlocked',
    'onMuted',
    'onVisible',
    'onError',
  ] as const;
  const events = Object.fromEntries(names.map((name) => [name, jest.fn()])) as Record<
    (typeof names)[number],
    jest.Mock
  >;
  return { canvas, sink, events };
}

async function showing() {
  const parts = setUp();
  parts.sink.open(parts.events);
  parts.sink.play();
  parts.sink.setHeaders(HEADERS);
  parts.sink.write(part(65));
  decodes[0]!.resolve();
  await settle();
  return parts;
}

describe('CanvasSink', () => {
  it('shows the first picture, and tells its size', async () => {
    const { canvas, events } = await showing();
    expect(events.onReady).toHaveBeenCalledTimes(1);
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
    expect(events.onVideoSize).toHaveBeenCalledWith({ width: 4, height: 2 });
    expect(events.onFirstFrame).toHaveBeenCalledTimes(1);
    expect([canvas.width, canvas.height]).toEqual([4, 2]);
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(closed).toHaveBeenCalledTimes(1);
  });

  it('decodes one at a time, and leaves out all but the newest when it is behind', async () => {
    const { sink, events } = await showing();
    for (const byte of [66, 67, 68, 69]) sink.write(part(byte));
    expect(decodes).toHaveLength(2);
    decodes[1]!.resolve();
    await settle();
    expect(decodes).toHaveLength(3);
    decodes[2]!.resolve();
    await settle();
    expect(decodes).toHaveLength(3);
    expect(sink.picture).toBe(decodes[2]!.blob);
    jest.advanceTimersByTime(1_500);
    expect(events.onProgress).toHaveBeenLastCalledWith(
      expect.objectContaining({ shownFrames: 3, droppedFrames: 2 }),
    );
  });

  it('says when the picture stands still, and when it moves again', async () => {
    const { sink, events } = await showing();
    jest.advanceTimersByTime(4_000);
    expect(events.onStalled).toHaveBeenCalledTimes(1);
    sink.write(part(66));
    decodes[1]!.resolve();
    await settle();
    expect(events.onResumed).toHaveBeenCalledTimes(1);
  });

  it('keeps the last picture when the pull ends, and draws none that comes too late', async () => {
    const { canvas, sink } = await showing();
    sink.write(part(66));
    sink.stop();
    decodes[1]!.resolve({ width: 9, height: 9 });
    await settle();
    expect(drawn).toHaveBeenCalledTimes(1);
    expect(canvas.width).toBe(4);
    expect(closed).toHaveBeenCalledTimes(2);
  });

  it('forgives a damaged picture, and not ten in a row', async () => {
    const { sink, events } = await showing();
    for (let i = 1; i <= 10; i++) {
      expect(events.onError).not.toHaveBeenCalled();
      sink.write(part(66));
      decodes[i]!.reject();
      await settle();
    }
    expect(events.onError.mock.calls[0][0]).toMatchObject({ reason: 'media-broken' });
  });

  it('fails once on what is no picture stream', () => {
    const { sink, events } = setUp();
    sink.open(events);
    sink.play();
    sink.write(Uint8Array.from('<html>', (char) => char.charCodeAt(0)).buffer);
    sink.write(part(65));
    expect(events.onError).toHaveBeenCalledTimes(1);
  });

  it('is silent after close, and can be opened again', async () => {
    const { sink, events } = await showing();
    sink.close();
    jest.advanceTimersByTime(10_000);
    expect(events.onStalled).not.toHaveBeenCalled();
    sink.open(events);
    sink.play();
    sink.setHeaders(HEADERS);
    sink.write(part(70));
    decodes[1]!.resolve();
    await settle();
    expect(events.onFirstFrame).toHaveBeenCalledTimes(2);
  });

  it('works where pictures are decoded by elements only, and gives their addresses back', async () => {
    Reflect.deleteProperty(globalThis, 'createImageBitmap');
    const revoked = jest.fn();
    const made: { onload: () => void; src: string }[] = [];
    Object.assign(URL, { createObjectURL: () => 'blob:x', revokeObjectURL: revoked });
    const original = globalThis.Image;
    globalThis.Image = class {
      naturalWidth = 6;
      naturalHeight = 3;
      src = '';
      onload = (): void => undefined;
      constructor() {
        made.push(this);
      }
    } as unknown as typeof Image;
    try {
      const { canvas, sink, events } = setUp();
      sink.open(events);
      sink.play();
      sink.setHeaders(HEADERS);
      sink.write(part(65));
      expect(made[0]!.src).toBe('blob:x');
      made[0]!.onload();
      await settle();
      expect(canvas.width).toBe(6);
      expect(revoked).toHaveBeenCalledWith('blob:x');
    } finally {
      globalThis.Image = original;
    }
  });
});

describe('CanvasPicture', () => {
  it('takes the JPEG as it is, and refuses before there is one', async () => {
    const { canvas, sink } = setUp();
    const picture = new CanvasPicture(document.createElement('div'), canvas, sink);
    await expect(picture.snapshot(0)).rejects.toMatchObject({ reason: 'snapshot-failed' });
    const blob = new Blob([Uint8Array.of(1)], { type: 'image/jpeg' });
    const taken = await new CanvasPicture(document.createElement('div'), canvas, {
      picture: blob,
    }).snapshot(0);
    expect(taken).toEqual({ kind: 'blob', blob });
  });

  it('enlarges its box, and has nothing to record', () => {
    const box = document.createElement('div');
    const { canvas, sink } = setUp();
    const picture = new CanvasPicture(box, canvas, sink);
    picture.setZoom({ scale: 2, x: 0, y: 0 });
    expect(box.style.transform).toBe('translate(0%, 0%) scale(2)');
    expect(picture.tap).toBeNull();
  });
});
