import { autorun } from 'mobx';
import { FakeP2PModule, iotError, pathInfo } from '../../standins/fake-p2p-module';
import { DEVICE, HIGH, PlayerWorld, settled, STANDARD } from './player-world';

const progress = (latencyMs: number) => ({
  currentTimeMs: 0,
  latencyMs,
  shownFrames: 10,
  droppedFrames: 0,
});

describe('several players of one camera', () => {
  it('share one pull, and the second has a picture without waiting for a keyframe', async () => {
    const world = new PlayerWorld();
    const first = await world.playing();
    const second = world.player();
    second.player.start({ device: DEVICE, stream: HIGH });
    await settled();
    expect(world.count('startStream')).toBe(1);
    expect(world.count('startP2PService')).toBe(1);
    expect(second.sink.written).toBeGreaterThan(20);
    second.sink.events!.onFirstFrame();
    expect([first.store.status.kind, second.store.status.kind]).toEqual(['playing', 'playing']);
    first.player.close();
    expect(world.count('stopStream')).toBe(0);
    second.player.close();
    expect(world.module.calls.slice(-2)).toEqual(['stopStream door', 'stopP2PService door']);
  });

  it('answer once, without trying over and over, where another quality plays', async () => {
    const world = new PlayerWorld();
    const first = await world.playing();
    const onError = jest.fn();
    const second = world.player({ onError });
    second.player.start({ device: DEVICE, stream: STANDARD });
    await settled();
    expect(second.store.status).toMatchObject({
      kind: 'error',
      error: { reason: 'stream-exists' },
    });
    world.stream(40, 60_000, 1_000);
    expect(onError).toHaveBeenCalledTimes(1);
    expect(world.count('startStream')).toBe(1);
    // It begins by itself when the other one is gone.
    first.player.close();
    world.clock.advance(1_000);
    await settled();
    world.header();
    second.sink.events!.onFirstFrame();
    expect(second.store.status.kind).toBe('playing');
  });

  it('let the one have the stream whose user asks for it', async () => {
    const world = new PlayerWorld();
    const first = await world.playing();
    const second = world.player();
    second.player.start({ device: DEVICE, stream: STANDARD });
    await settled();
    second.player.retry();
    await settled();
    expect(first.store.status).toMatchObject({ kind: 'error', error: { reason: 'stream-exists' } });
    world.header();
    second.sink.events!.onFirstFrame();
    expect(second.store.status.kind).toBe('playing');
    world.clock.advance(3_000);
    expect(world.count('startStream')).toBe(2);
  });

  it('join the stream that they waited for when somebody else has asked for it', async () => {
    const world = new PlayerWorld();
    const first = await world.playing();
    const waiting = world.player();
    waiting.player.start({ device: DEVICE, stream: STANDARD });
    await settled();
    expect(waiting.store.status.kind).toBe('error');
    first.player.start({ device: DEVICE, stream: STANDARD });
    await settled();
    world.header();
    first.sink.events!.onFirstFrame();
    world.clock.advance(1_000);
    await settled();
    waiting.sink.events!.onFirstFrame();
    expect([first.store.status.kind, waiting.store.status.kind]).toEqual(['playing', 'playing']);
    expect(world.count('startStream')).toBe(2);
  });
});

describe('of the players of a page', () => {
  const pair = () => {
    const world = new PlayerWorld();
    return { world, a: world.player({ muted: false }), b: world.player({ muted: true }) };
  };

  it('the one sounds whose sound was turned on last', () => {
    const { a, b } = pair();
    a.player.start({ device: DEVICE, stream: HIGH });
    b.player.start({ device: DEVICE, stream: HIGH });
    b.player.setMuted(false);
    expect([a.store.muted, a.store.muteCause, a.sink.muted]).toEqual([true, 'other-sounds', true]);
    a.player.setMuted(false);
    expect([a.store.muted, b.store.muted, b.sink.muted]).toEqual([false, true, true]);
  });

  it('one that made way sounds again where that is wanted, but not against the user', () => {
    const world = new PlayerWorld();
    const wanted = { unmuteWhen: ['other-silent'], muted: false } as const;
    const a = world.player(wanted);
    const b = world.player();
    a.player.start({ device: DEVICE, stream: HIGH });
    b.player.start({ device: DEVICE, stream: HIGH });
    b.player.setMuted(false);
    b.player.close();
    expect([a.store.muted, a.store.muteCause]).toEqual([false, null]);
    a.player.setMuted(true);
    b.player.start({ device: DEVICE, stream: HIGH });
    b.player.close();
    expect(a.store.muteCause).toBe('user');
  });

  it('one is silent while it is hidden where that is wanted', () => {
    const world = new PlayerWorld();
    const { player, sink, store } = world.player({ muted: false, muteWhen: ['hidden'] });
    player.start({ device: DEVICE, stream: HIGH });
    sink.events!.onVisible(false);
    expect([store.muted, store.muteCause, sink.muted]).toEqual([true, 'hidden', true]);
    sink.events!.onVisible(true);
    expect([store.muted, sink.muted]).toEqual([false, false]);
  });
});

describe('a player that is scrolled out of sight', () => {
  it('plays on and sounds where no policy names it', async () => {
    const world = new PlayerWorld();
    const { player, store } = await world.playing({ muted: false });
    player.setOnScreen(false);
    world.stream(40, 60_000, 1_000);
    expect([store.state.visible, store.state.suspended, store.muted]).toEqual([true, false, false]);
  });

  it('pauses, is silent, and goes on at once where policies ask for it', async () => {
    const world = new PlayerWorld();
    const { player, store } = await world.playing({
      muted: false,
      pauseWhen: ['offscreen'],
      muteWhen: ['offscreen'],
    });
    player.setOnScreen(false);
    expect([store.muted, store.muteCause]).toEqual([true, 'offscreen']);
    world.clock.advance(30_000);
    expect(store.state.suspended).toBe(true);
    expect(world.count('stopStream')).toBe(1);
    player.setOnScreen(true);
    expect([store.state.suspended, store.muted]).toEqual([false, false]);
    expect(world.count('startStream')).toBe(2);
  });

  it('plays on where only the other condition is named', async () => {
    const world = new PlayerWorld();
    const { sink, store } = await world.playing({ pauseWhen: ['offscreen'] });
    sink.events!.onVisible(false);
    expect(store.state.visible).toBe(false);
    world.clock.advance(30_000);
    expect(store.state.suspended).toBe(false);
  });

  it('begins out of sight when another camera takes its place there', async () => {
    const world = new PlayerWorld();
    const { player, store } = await world.playing({ pauseWhen: ['offscreen'] });
    player.setOnScreen(false);
    player.start({ device: { ...DEVICE, id: 'yard' }, stream: HIGH });
    expect(store.state.visible).toBe(false);
  });
});

describe('a player that is paused', () => {
  it('gives the stream up, keeps picture and connection, and goes on at once', async () => {
    const world = new PlayerWorld();
    const { player, sink, store } = await world.playing();
    player.pause();
    expect(world.count('stopStream')).toBe(1);
    expect(world.count('stopP2PService')).toBe(0);
    expect(sink.calls.slice(-1)).toEqual(['stop']);
    expect(store.status).toMatchObject({
      kind: 'stopped',
      text: 'status.paused',
      hasPicture: true,
    });
    player.play();
    expect(world.count('startStream')).toBe(2);
    expect(world.count('startP2PService')).toBe(1);
  });

  it('gives the connection up after five minutes, and makes a new one then', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    player.pause();
    world.clock.advance(300_000);
    expect(world.count('stopP2PService')).toBe(1);
    player.play();
    expect(world.count('startP2PService')).toBe(2);
  });

  it('does not try again when the connection breaks meanwhile', async () => {
    const world = new PlayerWorld();
    const { player, store } = await world.playing();
    player.pause();
    world.module.disconnect('door', iotError('connection-lost'));
    world.clock.advance(60_000);
    expect(world.count('startP2PService')).toBe(1);
    expect(store.status.kind).toBe('stopped');
    player.play();
    expect(world.count('startP2PService')).toBe(2);
  });
});

describe('a hidden page', () => {
  it('plays on for 30 s, then pauses, and plays at once when it is shown', async () => {
    const world = new PlayerWorld();
    const { sink, store } = await world.playing();
    sink.events!.onVisible(false);
    world.stream(40, 29_000, 1_000);
    expect(world.count('stopStream')).toBe(0);
    world.clock.advance(1_000);
    expect(world.count('stopStream')).toBe(1);
    expect(store.status).toMatchObject({ text: 'status.paused', hasPicture: true });
    sink.events!.onVisible(true);
    expect(world.count('startStream')).toBe(2);
    expect(world.count('startP2PService')).toBe(1);
    expect(store.trace).toMatchObject({ startAction: 'recover', result: 'pending' });
  });

  it('is left alone where the app wants that', async () => {
    const world = new PlayerWorld();
    const { sink } = await world.playing({ pauseAfterHiddenMs: null });
    sink.events!.onVisible(false);
    world.stream(40, 60_000, 1_000);
    expect(world.count('stopStream')).toBe(0);
  });
});

describe('another network', () => {
  it('ends a long wait for the next try at once', async () => {
    const world = new PlayerWorld();
    const { player, store } = world.player();
    player.start({ device: DEVICE, stream: HIGH });
    await settled();
    for (let i = 0; i < 5; i++) {
      world.module.service('door').reject(iotError('relay-unreachable'));
      await settled();
      if (i < 4) world.clock.runUntil(() => store.status.kind === 'loading', 20_000);
      await settled();
    }
    expect(store.status.kind).toBe('reconnecting');
    const tries = world.count('startP2PService');
    world.network({ kind: 'changed', type: 'none' });
    world.network({ kind: 'hidden' });
    expect(world.count('startP2PService')).toBe(tries);
    world.network({ kind: 'changed', type: 'wifi' });
    expect(world.count('startP2PService')).toBe(tries + 1);
  });

  it('leaves our engine’s connection alone: its session moves', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.network({ kind: 'changed', type: 'cellular' });
    await settled();
    expect(world.count('stopP2PService')).toBe(0);
    expect(store.status.kind).toBe('playing');
  });

  it('gives a camera of the vendor’s a fresh link under the same page', async () => {
    const vendorModule = new FakeP2PModule();
    const world = new PlayerWorld({ vendorModule });
    const parts = world.player();
    const device = { id: 'door', xp2pInfo: 'XP2PQ+a/9x==%2.4.20' };
    parts.player.start({ device, stream: HIGH });
    await settled();
    vendorModule.service('door').resolve();
    await settled();
    world.header(vendorModule);
    parts.sink.events!.onFirstFrame();
    vendorModule.calls.length = 0;
    world.network({ kind: 'changed', type: 'cellular' });
    await settled();
    expect(vendorModule.calls).toEqual([
      'stopP2PService door',
      'startP2PService door',
      'startStream door action=live&channel=0&quality=high',
    ]);
    expect(parts.store.status).toMatchObject({ kind: 'loading', failures: 0, hasPicture: true });
    // The plugin tells of its NAT itself, too.
    vendorModule.service('door').resolve();
    await settled();
    vendorModule.inits[0]!.eventHandler!('natChanged', {} as never);
    await settled();
    expect(vendorModule.calls.filter((call) => call.startsWith('startP2PService'))).toHaveLength(2);
  });

  it('is not listened for after the player was closed', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    expect(world.listeners.size).toBe(1);
    player.close();
    expect(world.listeners.size).toBe(0);
  });
});

describe('the watchdogs of a stream', () => {
  it('follow the distance of keyframes and the round trip', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.module.path('door', pathInfo('up', null, 100));
    world.stream(1_000, 6_000, 1_000);
    expect(store.state.feed).toEqual({ keyframeIntervalMs: 1_000, rttMs: 100 });
    // 2 × 1000 + 4 × 100 is below the least of 4 s.
    world.clock.advance(3_900);
    expect(world.count('startStream')).toBe(1);
    world.clock.advance(4_200);
    expect(world.count('startStream')).toBe(2);
  });

  it('give a camera with rare keyframes its time', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.stream(8_000, 17_000, 8_000);
    expect(store.state.feed.keyframeIntervalMs).toBe(8_000);
    world.clock.advance(7_000);
    expect(world.count('startStream')).toBe(1);
    world.clock.advance(16_000);
    expect(world.count('startStream')).toBe(2);
  });
});

describe('the latency', () => {
  it('beyond the threshold begins the stream anew, at most each 10 s', async () => {
    const world = new PlayerWorld();
    const { sink } = await world.playing({ cacheThresholdMs: 1_500 });
    const late = (forMs: number) => {
      for (let ms = 0; ms < forMs; ms += 1_000) {
        world.stream(40 + world.clock.nowMs(), 1_000, 1_000);
        sink.events!.onProgress(progress(3_000));
      }
    };
    late(9_000);
    expect(world.count('startStream')).toBe(1);
    late(1_000);
    expect(world.count('startStream')).toBe(2);
  });

  it('is left alone without a threshold', async () => {
    const world = new PlayerWorld();
    const { sink, store } = await world.playing();
    world.stream(40, 20_000, 1_000);
    sink.events!.onProgress(progress(9_000));
    expect(world.count('startStream')).toBe(1);
    world.clock.advance(1_000);
    expect(store.progress?.latencyMs).toBe(9_000);
  });
});

describe('the store of a player that plays', () => {
  it('is written at most once a second, whatever comes', async () => {
    const world = new PlayerWorld();
    const { sink, store } = await world.playing();
    world.module.path('door', pathInfo('up', null, 20));
    world.stream(40, 10_000, 1_000);
    let writes = 0;
    const stop = autorun(() => {
      void [store.state, store.status, store.path, store.progress, store.stats, store.trace];
      writes++;
    });
    for (let second = 0; second < 60; second++) {
      world.module.path('door', pathInfo('up', null, 20 + (second % 9)));
      sink.events!.onProgress(progress(500 + second));
      world.stream(10_040 + second * 1_000, 1_000, 1_000);
    }
    stop();
    expect(writes).toBeGreaterThan(50);
    // 61 writes in 60 s, the first run of the watcher, and checks for silence.
    expect(writes).toBeLessThanOrEqual(61 + 1 + 16);
    expect(store.stats).toMatchObject({ keyframeIntervalMs: 1_000, framesPerS: 25, driftMs: 0 });
  });

  it('is left alone by the state and the trace, which views watch', async () => {
    const world = new PlayerWorld();
    const { store } = await world.playing();
    world.stream(40, 20_000, 1_000);
    let renders = 0;
    const stop = autorun(() => {
      void [store.status, store.muted, store.videoSize, store.nextRetryInS];
      renders++;
    });
    world.stream(20_040, 60_000, 1_000);
    stop();
    expect(renders).toBe(1);
  });
});

describe('what a player leaves behind', () => {
  const pending = (clock: PlayerWorld['clock']) => clock.pendingTimers;

  it('is nothing after 20 mounts and unmounts', async () => {
    const world = new PlayerWorld();
    for (let i = 0; i < 20; i++) {
      const { player } = await world.playing();
      world.module.path('door', pathInfo('up'));
      world.stream(40, 2_000, 1_000);
      player.close();
      player.attachSink(null);
      expect([pending(world.clock), world.listeners.size, world.module.services.size]).toEqual([
        0, 0, 0,
      ]);
    }
  });

  it('does not grow by 200 stops and starts', async () => {
    const world = new PlayerWorld();
    const { player, sink, store } = await world.playing();
    const counts: number[] = [];
    for (let i = 0; i < 200; i++) {
      if (i % 2 === 0) player.stop();
      else player.pause();
      player.play();
      await settled();
      world.module.service('door').resolve();
      await settled();
      world.header();
      sink.events!.onFirstFrame();
      expect(store.status.kind).toBe('playing');
      counts.push(pending(world.clock));
    }
    expect(Math.max(...counts)).toBeLessThanOrEqual(counts[0]! + 1);
    expect(world.listeners.size).toBe(1);
    player.close();
    expect(pending(world.clock)).toBe(0);
  });
});
