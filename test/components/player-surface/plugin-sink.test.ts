import { PluginSink } from '@components/player-surface/plugin-sink';
import type { PluginView } from '@components/player-surface/plugin-sink';
import type { PlayerSinkEvents } from '@services/player';
import { StreamTap } from '@services/recorder';
import { encodeFlvHeader, encodeFlvTag, FlvReader } from '../../../services/media/flv';
import { VirtualClock } from '../../net/virtual-clock';

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
const opening = () =>
  chunk(encodeFlvHeader({ hasAudio: false, hasVideo: true }), setup, picture(0, true));

function setUp() {
  const clock = new VirtualClock();
  const views: PluginView[] = [];
  const resetLocalServer = jest.fn();
  const tap = new StreamTap();
  const onView = (view: PluginView): void => void views.push(view);
  const sink = new PluginSink({ clock, onView, resetLocalServer, tap });
  const events = {
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
  const context = { play: jest.fn(), stop: jest.fn() };
  /** What the native player has been sent since its last request, as a reader sees it. */
  let reader = new FlvReader();
  const frames: number[] = [];
  const addChunk = jest.fn((bytes: ArrayBuffer) => {
    const { header, tags, error } = reader.push(new Uint8Array(bytes));
    if (error !== null) throw error;
    if (header !== null) frames.push(-1);
    for (const tag of tags) frames.push(tag.timestampMs);
  });
  const ready = { livePlayerContext: context, playerExport: { addChunk, finishMedia: jest.fn() } };
  const view = () => views[views.length - 1]!;
  return {
    clock,
    sink,
    events,
    context,
    ready,
    view,
    frames,
    resetLocalServer,
    tap,
    /** The native player's request reaches the local server. */
    pull: () => {
      reader = new FlvReader();
      frames.length = 0;
      sink.onStartPull();
    },
    /** Opened, ready and told to play. */
    play: () => {
      sink.open(events);
      sink.onPlayerReady(ready);
      sink.play();
    },
  };
}

const isError = (reason: string) => expect.objectContaining({ reason });

describe('PluginSink', () => {
  it('tells what is missing when the plugin never makes a player', () => {
    const { clock, sink, events, ready } = setUp();
    sink.open(events);
    clock.advance(7_900);
    expect(events.onError).not.toHaveBeenCalled();
    clock.advance(200);
    expect(events.onError).toHaveBeenCalledTimes(1);
    expect(events.onError.mock.calls[0]![0]).toMatchObject({ reason: 'player-load-failed' });
    expect(events.onError.mock.calls[0]![0].message).toContain('taro-iot-video/taro-plugin');
    sink.open(events);
    sink.onPlayerReady(ready);
    clock.advance(60_000);
    sink.open(events);
    sink.close();
    clock.advance(60_000);
    expect(events.onError).toHaveBeenCalledTimes(1);
  });

  it('renders the tag, and is ready when its plugin is', () => {
    const { sink, events, ready, view } = setUp();
    sink.open(events);
    expect(view()).toEqual({ instance: 1, autoplay: false, muted: true });
    sink.onPlayerReady(ready);
    sink.onPlayerReady(ready);
    expect(events.onReady).toHaveBeenCalledTimes(1);
  });

  it('plays first by the autoplay property, later by calls', () => {
    const { play, sink, view, context, pull } = setUp();
    play();
    expect(view().autoplay).toBe(true);
    expect(context.play).not.toHaveBeenCalled();
    pull();
    sink.stop();
    expect(context.stop).toHaveBeenCalledTimes(1);
    sink.play();
    expect(context.play).toHaveBeenCalledTimes(1);
  });

  it('plays again when the first play was swallowed, and not when it was heard', () => {
    const swallowed = setUp();
    swallowed.play();
    swallowed.clock.advance(3_000);
    expect(swallowed.context.play).toHaveBeenCalledTimes(1);
    const heard = setUp();
    heard.play();
    heard.pull();
    heard.clock.advance(60_000);
    expect(heard.context.play).not.toHaveBeenCalled();
  });

  it('hands the bytes on from the first request, and tells of the first picture once', () => {
    const { play, pull, sink, events, frames } = setUp();
    play();
    pull();
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
    sink.write(opening());
    expect(frames).toEqual([-1, 0, 0]);
    sink.onStateChange({ code: 2003 });
    sink.onStateChange({ code: 2003 });
    expect(events.onFirstFrame).toHaveBeenCalledTimes(1);
  });

  it('stops a player that asks when nobody wants the picture', () => {
    const { sink, events, ready, context, play } = setUp();
    sink.open(events);
    sink.onPlayerReady(ready);
    sink.onStartPull();
    expect(context.stop).toHaveBeenCalledTimes(1);
    expect(events.onStartPull).not.toHaveBeenCalled();
    play();
  });

  it('answers a repeated request by itself: header and set-ups, then from a keyframe on', () => {
    const { play, pull, sink, events, frames } = setUp();
    play();
    pull();
    sink.write(opening());
    sink.onStateChange({ code: 2003 });
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    expect(events.onStalled).toHaveBeenCalledTimes(1);
    sink.write(chunk(picture(40, false)));
    expect(frames).toEqual([-1, 0, 0]);
    pull();
    sink.write(chunk(picture(80, false), picture(120, true), picture(160, false)));
    expect(frames).toEqual([-1, 0, 120, 160]);
    expect(events.onStartPull).toHaveBeenCalledTimes(1);
    expect(events.onResumed).toHaveBeenCalledTimes(1);
  });

  it('lets a player with a full cache come back by itself, and calls it when it does not', () => {
    const { play, pull, sink, events, clock, context } = setUp();
    play();
    pull();
    sink.write(opening());
    sink.onStateChange({ code: 2003 });
    sink.onNetStatus({ info: { videoCache: 800 } });
    sink.onNetStatus({ info: { audioCache: 100 } });
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    clock.advance(2_799);
    expect(events.onStalled).not.toHaveBeenCalled();
    clock.advance(1);
    expect(events.onStalled).toHaveBeenCalledTimes(1);
    expect(context.play).toHaveBeenCalledTimes(1);
  });

  it('takes a close of the hidden page as no stall, and plays when the page is shown', () => {
    const { play, pull, sink, events, clock, context } = setUp();
    play();
    pull();
    sink.write(opening());
    sink.onStateChange({ code: 2003 });
    sink.setHidden(true);
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    clock.advance(60_000);
    expect(events.onStalled).not.toHaveBeenCalled();
    sink.setHidden(false);
    expect(events.onVisible.mock.calls).toEqual([[false], [true]]);
    expect(context.play).toHaveBeenCalledTimes(1);
  });

  it('plays on while its picture floats over another page', () => {
    const { play, pull, sink, events } = setUp();
    play();
    pull();
    sink.setFloating(true);
    sink.setHidden(true);
    expect(events.onVisible).not.toHaveBeenCalled();
    // The user closes the little window, and is still on the other page.
    sink.setFloating(false);
    expect(events.onVisible.mock.calls).toEqual([[false]]);
    sink.setHidden(false);
    expect(events.onVisible.mock.calls).toEqual([[false], [true]]);
  });

  it('lets a recording hear what the native player gets, also after its request broke off', () => {
    const { play, pull, sink, tap } = setUp();
    const heard: (number | 'begin')[] = [];
    play();
    pull();
    sink.write(opening());
    tap.listen({
      onBegin: () => heard.push('begin'),
      onTag: ({ timestampMs }) => heard.push(timestampMs),
    });
    sink.write(chunk(picture(40, false)));
    // What it had before it was listened to: header, set-up, and the picture since the keyframe.
    expect(heard).toEqual(['begin', 0, 0, 40]);
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    sink.write(chunk(picture(80, false)));
    pull();
    sink.write(chunk(picture(120, false), picture(160, true)));
    expect(heard.slice(4)).toEqual(['begin', 40, 160]);
  });

  it('takes the newest context when playerReady comes again', () => {
    const { sink, ready, play } = setUp();
    play();
    const other = { play: jest.fn(), stop: jest.fn() };
    sink.onPlayerReady({ ...ready, livePlayerContext: other });
    expect(other.play).toHaveBeenCalledTimes(1);
    sink.stop();
    expect(other.stop).toHaveBeenCalledTimes(1);
  });

  it.each([
    [
      'WECHAT_SERVER_ERROR',
      (sink: PluginSink) => sink.onPlayerError({ error: { code: 'WECHAT_SERVER_ERROR' } }),
    ],
    [
      '2103 of iOS',
      (sink: PluginSink) => sink.onStateChange({ code: 2103, message: 'errCode:-1004' }),
    ],
    [
      '2103 of Android',
      (sink: PluginSink) =>
        sink.onStateChange({ code: 2103, message: 'Failed to connect to 127.0.0.1' }),
    ],
    ['the plugin itself', (sink: PluginSink) => sink.onServerLost('errNum 53')],
  ])('knows a lost local server by %s, and restarts it with the next tag', (_name, lose) => {
    const { play, sink, events, resetLocalServer, view } = setUp();
    play();
    lose(sink);
    expect(events.onError).toHaveBeenCalledWith(isError('local-server-lost'));
    sink.close();
    expect(view().instance).toBeNull();
    expect(resetLocalServer).not.toHaveBeenCalled();
    sink.open(events);
    expect(resetLocalServer).toHaveBeenCalledTimes(1);
    expect(view().instance).toBe(2);
    sink.open(events);
    expect(resetLocalServer).toHaveBeenCalledTimes(1);
  });

  it('takes 2103 of a slow network as nothing: the player asks again', () => {
    const { play, sink, events } = setUp();
    play();
    sink.onStateChange({ code: 2103, message: 'errCode:-10041 no data' });
    expect(events.onError).not.toHaveBeenCalled();
  });

  it.each([
    ['media-broken', (sink: PluginSink) => sink.onStateChange({ code: -2301 })],
    [
      'microphone-denied',
      (sink: PluginSink) => sink.onNativeError({ errMsg: 'System permission denied' }),
    ],
    ['media-broken', (sink: PluginSink) => sink.onNativeError({ errCode: 1, errMsg: 'x' })],
    ['player-load-failed', (sink: PluginSink) => sink.onPlayerError({ error: { code: 'X' } })],
    ['player-load-failed', (sink: PluginSink) => sink.onPlayerReady({})],
    ['media-broken', (sink: PluginSink) => sink.write(new TextEncoder().encode('<html>').buffer)],
  ])('reports %s', (reason, cause) => {
    const { play, sink, events } = setUp();
    play();
    cause(sink);
    expect(events.onError).toHaveBeenCalledWith(isError(reason));
  });

  it('merges net status, which holds only what has changed', () => {
    const { play, pull, sink, events } = setUp();
    play();
    pull();
    sink.write(opening());
    sink.onStateChange({ code: 2003 });
    sink.onNetStatus({ info: { videoWidth: 640 } });
    expect(events.onVideoSize).not.toHaveBeenCalled();
    sink.onNetStatus({ info: { videoHeight: 360, videoCache: 300 } });
    sink.onNetStatus({ info: { audioCache: 250 } });
    expect(events.onVideoSize.mock.calls).toEqual([[{ width: 640, height: 360 }]]);
    expect(events.onProgress).toHaveBeenLastCalledWith(
      expect.objectContaining({ latencyMs: 300, shownFrames: null }),
    );
  });

  it('releases everything on close: no tag, no timer, no event', () => {
    const { play, pull, sink, events, clock, view, context } = setUp();
    play();
    pull();
    sink.close();
    expect(view().instance).toBeNull();
    expect(context.stop).toHaveBeenCalledTimes(1);
    context.play.mockClear();
    clock.advance(60_000);
    sink.onStateChange({ code: 2003 });
    sink.onNativeError({});
    expect(context.play).not.toHaveBeenCalled();
    expect(events.onError).not.toHaveBeenCalled();
    expect(events.onFirstFrame).not.toHaveBeenCalled();
  });
});
