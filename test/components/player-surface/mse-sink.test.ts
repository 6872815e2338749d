import { MseSink } from '@components/player-surface/mse-sink';
import type { PlayerSinkEvents } from '@services/player';
import { encodeFlvHeader, encodeFlvTag } from '../../../services/media/flv';
import { FakePlayer, fakeMpegts } from './fake-mpegts';

jest.mock('mpegts.js', () => ({
  __esModule: true,
  get default() {
    return jest.requireActual('./fake-mpegts').fakeMpegts;
  },
}));

const header = encodeFlvHeader({ hasAudio: false, hasVideo: true });
const setup = encodeFlvTag({
  type: 'video',
  timestampMs: 0,
  data: Uint8Array.of(0x17, 0, 0, 0, 0, 1, 66, 0, 30, 3, 0),
});
const picture = (timestampMs: number, keyframe: boolean) =>
  encodeFlvTag({
    type: 'video',
    timestampMs,
    data: Uint8Array.of(keyframe ? 0x17 : 0x27, 1, 0, 0, 0, 7),
  });
const chunk = (...parts: readonly Uint8Array[]): ArrayBuffer =>
  Uint8Array.from(parts.flatMap((part) => [...part])).buffer;

const denied = () => Promise.reject(new DOMException('no tap', 'NotAllowedError'));

function sinkEvents() {
  return {
    onReady: jest.fn(),
    onStartPull: jest.fn(),
    onFirstFrame: jest.fn(),
    onVideoSize: jest.fn(),
    onProgress: jest.fn(),
    onStalled: jest.fn(),
    onResumed: jest.fn(),
    onBlocked: jest.fn(),
    onMuted: jest.fn(),
    onVisible: jest.fn(),
    onError: jest.fn(),
  } satisfies PlayerSinkEvents;
}

function setUp() {
  const video = document.createElement('video');
  const canvas = document.createElement('canvas');
  canvas.hidden = true;
  const drawImage = jest.fn();
  jest.spyOn(canvas, 'getContext').mockReturnValue({ drawImage } as never);
  const play = jest.spyOn(video, 'play').mockResolvedValue(undefined);
  let frame: (() => void) | null = null;
  Object.assign(video, {
    requestVideoFrameCallback: (callback: () => void) => {
      frame = callback;
      return 1;
    },
    cancelVideoFrameCallback: () => {
      frame = null;
    },
  });
  const define = (name: string, get: () => unknown) =>
    Object.defineProperty(video, name, { get, configurable: true });
  define('videoWidth', () => 640);
  define('videoHeight', () => 360);
  define('readyState', () => 4);
  define('paused', () => false);
  const events = sinkEvents();
  const sink = new MseSink(video, canvas);
  return { video, canvas, drawImage, play, events, sink, define, showFrame: () => frame?.() };
}

/** Opened, with the library there. */
async function opened() {
  const parts = setUp();
  parts.sink.open(parts.events);
  await new Promise((resolve) => setTimeout(resolve));
  return parts;
}

async function playing() {
  const parts = await opened();
  parts.sink.play();
  parts.sink.write(chunk(header, setup, picture(0, true)));
  parts.showFrame();
  return parts;
}

const settle = async () => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

let hidden = false;
beforeAll(() => {
  Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });
});
beforeEach(() => {
  hidden = false;
  fakeMpegts.supported = true;
});

describe('MseSink', () => {
  it('is ready when the library is there, at once the second time', async () => {
    const { events } = await opened();
    expect(events.onReady).toHaveBeenCalledTimes(1);
    const second = setUp();
    second.sink.open(second.events);
    expect(second.events.onReady).toHaveBeenCalledTimes(1);
  });

  it('says that a browser cannot play at all', async () => {
    fakeMpegts.supported = false;
    const { events } = await opened();
    expect(events.onReady).not.toHaveBeenCalled();
    expect(events.onError.mock.calls[0][0]).toMatchObject({
      reason: 'media-unsupported',
      retryable: false,
      code: -2404,
    });
  });

  it('asks for bytes when the library opens its loader, and passes whole tags', async () => {
    const { events, sink } = await opened();
    sink.play();
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
    const bytes = chunk(header, setup, picture(0, true), picture(40, false));
    sink.write(bytes.slice(0, 70));
    sink.write(bytes.slice(70));
    const { received } = FakePlayer.latest;
    expect(received.map(({ at }) => at)).toEqual([0, received[0]!.bytes.length]);
    expect(chunk(...received.map((piece) => piece.bytes))).toEqual(bytes);
  });

  it('keeps the library small and to the point', async () => {
    const { sink, video } = await opened();
    sink.play();
    const { config, source, media } = FakePlayer.latest;
    expect(source).toEqual({ type: 'flv', isLive: true });
    expect(media).toEqual([video]);
    expect(config).toMatchObject({
      enableWorker: false,
      enableStashBuffer: false,
      lazyLoad: false,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 12,
    });
  });

  it('tells the first picture and its size', async () => {
    const { events } = await playing();
    expect(events.onFirstFrame).toHaveBeenCalledTimes(1);
    expect(events.onVideoSize).toHaveBeenCalledWith({ width: 640, height: 360 });
  });

  it('keeps the last picture over a stop until the next first one', async () => {
    const { canvas, drawImage, sink, video, showFrame } = await playing();
    sink.stop();
    expect(drawImage).toHaveBeenCalledWith(video, 0, 0);
    expect(canvas.hidden).toBe(false);
    expect(FakePlayer.latest.destroyed).toBe(true);
    sink.play();
    expect(canvas.hidden).toBe(false);
    showFrame();
    expect(canvas.hidden).toBe(true);
  });

  it('does not take a picture of an element that never showed one', async () => {
    const { canvas, sink } = await opened();
    sink.play();
    sink.stop();
    expect(canvas.hidden).toBe(true);
  });

  it('plays without sound where the browser refuses it with', async () => {
    const { events, play, sink, video } = await opened();
    sink.setMuted(false);
    play.mockImplementationOnce(denied);
    sink.play();
    await settle();
    expect(video.muted).toBe(true);
    expect(events.onMuted).toHaveBeenCalledWith(true);
    expect(play).toHaveBeenCalledTimes(2);
    expect(events.onBlocked).not.toHaveBeenCalled();
  });

  it('asks for a tap where the browser refuses even that', async () => {
    const { events, play, sink } = await opened();
    play.mockImplementation(denied);
    sink.play();
    await settle();
    expect(events.onBlocked).toHaveBeenCalledTimes(1);
  });

  it('does not blame the browser for a play that our own stop interrupted', async () => {
    const { events, play, sink } = await opened();
    play.mockImplementation(() => Promise.reject(new DOMException('', 'AbortError')));
    sink.play();
    sink.stop();
    await settle();
    expect(events.onBlocked).not.toHaveBeenCalled();
  });

  it.each([
    ['MediaCodecUnsupported', undefined, 'media-unsupported', false],
    ['MediaMSEError', { code: 9, msg: 'hvc1' }, 'media-unsupported', false],
    ['MediaMSEError', { code: 11, msg: 'state' }, 'media-broken', true],
    ['MediaFormatError', undefined, 'media-broken', true],
  ])('translates %s %j into %s', async (detail, info, reason, retryable) => {
    const { events } = await playing();
    FakePlayer.latest.fail('MediaError', detail, info);
    FakePlayer.latest.fail('MediaError', detail, info);
    expect(events.onError).toHaveBeenCalledTimes(1);
    expect(events.onError.mock.calls[0][0]).toMatchObject({ reason, retryable, phase: 'player' });
  });

  it('says when the stream is no FLV', async () => {
    const { events, sink } = await opened();
    sink.play();
    sink.write(new TextEncoder().encode('<html></html>').buffer);
    expect(events.onError.mock.calls[0][0]).toMatchObject({ reason: 'media-broken' });
  });

  it('goes on at a keyframe when the library has suspended and reopened its loader', async () => {
    const { events, sink } = await playing();
    const player = FakePlayer.latest;
    const taken = player.received.reduce((sum, { bytes }) => sum + bytes.length, 0);
    player.loader!.abort();
    sink.write(chunk(picture(40, false)));
    player.reopen(taken);
    sink.write(chunk(picture(80, false)));
    expect(player.received).toHaveLength(1);
    sink.write(chunk(picture(120, true)));
    expect(player.received[1]).toMatchObject({ at: taken });
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
  });

  it('plays what is left when the stream ends', async () => {
    const { sink } = await playing();
    sink.end();
    expect(FakePlayer.latest.completed).toBe(true);
  });

  it('tells when the page is hidden and shown', async () => {
    const { events, define, play } = await playing();
    hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(events.onVisible).toHaveBeenLastCalledWith(false);
    hidden = false;
    define('paused', () => true);
    play.mockClear();
    document.dispatchEvent(new Event('visibilitychange'));
    expect(events.onVisible).toHaveBeenLastCalledWith(true);
    expect(play).toHaveBeenCalledTimes(1);
  });

  it('is seen while it floats over other pages', async () => {
    const { video, events } = await playing();
    const floats = (on: boolean): void => {
      const element = on ? video : null;
      Object.defineProperty(document, 'pictureInPictureElement', {
        get: () => element,
        configurable: true,
      });
    };
    floats(true);
    hidden = true;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(events.onVisible).toHaveBeenLastCalledWith(true);
    floats(false);
    video.dispatchEvent(new Event('leavepictureinpicture'));
    expect(events.onVisible).toHaveBeenLastCalledWith(false);
    hidden = false;
  });

  it('undoes a pause that nobody asked for, and asks for a tap if it comes again', async () => {
    const { video, events, define, play } = await playing();
    define('paused', () => true);
    play.mockClear();
    video.dispatchEvent(new Event('pause'));
    expect(play).toHaveBeenCalledTimes(1);
    video.dispatchEvent(new Event('pause'));
    expect(play).toHaveBeenCalledTimes(1);
    expect(events.onBlocked).toHaveBeenCalledTimes(1);
  });

  it('is silent after close', async () => {
    const { video, events, sink } = await playing();
    sink.close();
    sink.close();
    const calls = Object.values(events).map((event) => event.mock.calls.length);
    video.dispatchEvent(new Event('volumechange'));
    video.dispatchEvent(new Event('resize'));
    document.dispatchEvent(new Event('visibilitychange'));
    sink.write(chunk(picture(40, true)));
    expect(Object.values(events).map((event) => event.mock.calls.length)).toEqual(calls);
  });
});
