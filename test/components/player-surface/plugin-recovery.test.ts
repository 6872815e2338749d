import { PluginSink } from '@components/player-surface/plugin-sink';
import type { PluginView } from '@components/player-surface/plugin-sink';
import { encodeFlvTag } from '../../../services/media/flv';
import { iotError } from '../../standins/fake-p2p-module';
import { DEVICE, frame, HIGH, PlayerWorld, settled } from '../../services/player/player-world';

/** A player of WeChat's: the machine, the plugin's surface, and a camera that does as it is told. */
async function playing() {
  const world = new PlayerWorld();
  const { player, store } = world.player();
  const views: PluginView[] = [];
  const resetLocalServer = jest.fn();
  const { clock } = world;
  const sink = new PluginSink({ clock, onView: (view) => views.push(view), resetLocalServer });
  const context = { play: jest.fn(), stop: jest.fn() };
  const addChunk = jest.fn();
  const ready = () =>
    sink.onPlayerReady({
      livePlayerContext: context,
      playerExport: { addChunk, finishMedia: jest.fn() },
    });
  const view = () => views[views.length - 1]!;
  player.attachSink(sink);
  player.start({ device: DEVICE, stream: HIGH });
  await settled();
  ready();
  world.module.service('door').resolve();
  await settled();
  sink.onStartPull();
  world.header();
  sink.onStateChange({ code: 2003 });
  expect(store.status.kind).toBe('playing');
  /** What the retry needs to play again. */
  const comeBack = async () => {
    if (store.status.kind === 'reconnecting') {
      clock.runUntil(() => store.status.kind === 'loading', 20_000);
    }
    await settled();
    if (store.state.player.kind === 'PlayerPreparing') ready();
    if (store.state.p2p.kind === 'ServicePreparing') world.module.service('door').resolve();
    await settled();
    sink.onStartPull();
    world.header();
    sink.onStateChange({ code: 2003 });
    expect(store.status.kind).toBe('playing');
  };
  return { world, clock, player, store, sink, view, context, addChunk, resetLocalServer, comeBack };
}

describe('reference §3.4: 2103', () => {
  it('is ignored while the service is not started: nothing is asked for', async () => {
    const { world, store, sink } = await playing();
    world.module.disconnect('door', iotError('connection-lost'));
    const { state } = store;
    sink.onStateChange({ code: 2103, message: 'net disconnected' });
    expect(store.state).toBe(state);
  });

  it('of a lost local server is no case for a retry of the player: the server is reset', async () => {
    const { store, sink, view, resetLocalServer, comeBack } = await playing();
    const instance = view().instance!;
    sink.onStateChange({ code: 2103, message: 'errCode:-1004 ' });
    expect(store.error).toMatchObject({ reason: 'local-server-lost', retryable: true });
    expect(view().instance).toBeNull();
    await comeBack();
    expect(resetLocalServer).toHaveBeenCalledTimes(1);
    expect(view().instance).toBe(instance + 1);
  });

  it('of an older request is ignored while a stream runs', async () => {
    const { world, store, sink } = await playing();
    const { state } = store;
    sink.onStateChange({ code: 2103, message: 'old' });
    expect(store.state).toBe(state);
    expect(world.count('startStream')).toBe(1);
  });

  it('and a new StartPull go on from a keyframe, without asking the camera again', async () => {
    const { world, store, sink, addChunk } = await playing();
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    sink.onStateChange({ code: 2103, message: 'no data' });
    sink.onStartPull();
    addChunk.mockClear();
    world.module.data('door', encodeFlvTag(frame(40, false)).slice().buffer);
    expect(addChunk).not.toHaveBeenCalled();
    world.module.data('door', encodeFlvTag(frame(80, true)).slice().buffer);
    expect(addChunk).toHaveBeenCalledTimes(1);
    expect(world.count('startStream')).toBe(1);
    expect(store.status.kind).toBe('playing');
  });
});

describe('the guide’s FAQ, where it says to leave the page', () => {
  it('3.3 the connection is lost: a new one under the same page, over the same tag', async () => {
    const { world, view, comeBack, store } = await playing();
    const { instance } = view();
    world.module.disconnect('door', iotError('peer-offline'));
    expect(store.status).toMatchObject({ kind: 'reconnecting', hasPicture: true });
    await comeBack();
    expect(view().instance).toBe(instance);
    expect(world.count('startP2PService')).toBe(2);
  });

  it('3.5 the local server is gone (WECHAT_SERVER_ERROR): reset and a new tag', async () => {
    const { sink, resetLocalServer, comeBack, store } = await playing();
    sink.onPlayerError({ error: { code: 'WECHAT_SERVER_ERROR' } });
    expect(store.status).toMatchObject({ kind: 'reconnecting', hasPicture: true });
    await comeBack();
    expect(resetLocalServer).toHaveBeenCalledTimes(1);
  });

  it('2.1 the player plugin fails: a new tag', async () => {
    const { sink, view, comeBack } = await playing();
    const { instance } = view();
    sink.onPlayerError({ error: { code: 'PLAYER_BROKEN' } });
    await comeBack();
    expect(view().instance).toBe(instance! + 1);
  });

  it('2.2 live-player fails: a new tag', async () => {
    const { sink, comeBack } = await playing();
    sink.onNativeError({ errCode: -1, errMsg: 'x' });
    await comeBack();
  });

  it('-2301, live-player has given up: a new tag, where the user had to retry', async () => {
    const { sink, comeBack } = await playing();
    sink.onStateChange({ code: -2301, message: 'gave up' });
    await comeBack();
  });
});

describe('quirks of live-player, with the machine behind it', () => {
  it('a page that was hidden for a minute plays again at once', async () => {
    const { world, clock, sink, store, comeBack } = await playing();
    sink.setHidden(true);
    clock.advance(60_000);
    expect(store.status.text).toBe('status.paused');
    sink.setHidden(false);
    expect(world.count('startP2PService')).toBe(1);
    await comeBack();
    expect(world.count('startStream')).toBe(2);
  });

  it('playerReady twice leaves the picture alone', async () => {
    const { world, sink, store, context } = await playing();
    const { state } = store;
    sink.onPlayerReady({ livePlayerContext: context, playerExport: { addChunk: jest.fn() } });
    expect(store.state).toBe(state);
    expect(world.count('startStream')).toBe(1);
  });

  it('a microphone that the system refuses is told, and a retry works', async () => {
    const { player, sink, store, comeBack } = await playing();
    sink.onNativeError({ errMsg: 'live-player: system permission denied' });
    expect(store.status).toMatchObject({ kind: 'error', error: { reason: 'microphone-denied' } });
    player.retry();
    await comeBack();
  });

  it('a closed player leaves no timer and no tag', async () => {
    const { clock, player, sink, view } = await playing();
    sink.onPlayerClose({ error: { code: 'LIVE_PLAYER_CLOSED' } });
    player.close();
    expect(view().instance).toBeNull();
    expect(clock.pendingTimers).toBe(0);
  });
});
