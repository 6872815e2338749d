import { DeviceSessions } from '../../../services/device';
import { PlayerController } from '../../../services/player';
import type { LiveStream, PlayerControllerOptions } from '../../../services/player';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError, pathInfo } from '../../standins/fake-p2p-module';
import { FakeSink } from '../../standins/fake-sink';

const device = { id: 'door', xp2pInfo: 'XP2Pdoor%2.4.0', productId: 'P', deviceName: 'D' };
const stream: LiveStream = { channel: 0, quality: 'high' };
const appParams = { appid: 1, appOauthId: 'a', appKey: 'k', appSecretKey: 's', appPackage: 'p' };

/** Lets promises that are already settled call back. */
const settled = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

function setUp(options: Partial<PlayerControllerOptions> = {}) {
  const module = new FakeP2PModule();
  const clock = new VirtualClock();
  const sink = new FakeSink();
  sink.auto = true;
  const sessions = new DeviceSessions({ module, appParams });
  const player = new PlayerController({
    sessions,
    clock,
    random: new SeededRandom(1),
    ...options,
  });
  player.attachSink(sink);
  const { store } = player;
  return { module, clock, sink, sessions, player, store };
}

async function playing(options: Partial<PlayerControllerOptions> = {}) {
  const parts = setUp(options);
  parts.player.start({ device, stream });
  await settled();
  parts.module.service('door').resolve();
  await settled();
  parts.module.notify('door', 'request');
  parts.module.notify('door', 'parsed', { status: 200, headers: {} });
  parts.module.data('door');
  parts.sink.events!.onFirstFrame();
  return parts;
}

describe('PlayerController', () => {
  it('joins surface and camera in the seed’s order', async () => {
    const { module, sink, store } = await playing();
    expect(module.calls).toEqual([
      'init',
      'startP2PService door',
      'startStream door action=live&channel=0&quality=high',
    ]);
    expect(sink.calls).toEqual(['open', 'play']);
    expect(sink.written).toBe(100);
    expect(store.status.kind).toBe('playing');
  });

  it('asks for the stream in the turn in which the connection begins', async () => {
    const { module, player } = setUp();
    player.start({ device, stream });
    await settled();
    expect(module.calls.slice(1)).toEqual([
      'startP2PService door',
      'startStream door action=live&channel=0&quality=high',
    ]);
  });

  it('tells the module which camera and which stream', async () => {
    const { module } = await playing();
    expect(module.service('door').streamInfo).toEqual({
      url: 'http://XP2P_INFO.xnet/ipc.p2p.com/ipc.flv?action=live&channel=0&quality=high',
      xp2pInfo: 'XP2Pdoor%2.4.0',
      productId: 'P',
      deviceName: 'D',
    });
    expect(module.inits).toEqual([{ appParams }]);
  });

  it('opens a surface that comes later than the start', async () => {
    const { player, sink } = setUp();
    player.attachSink(null);
    player.start({ device, stream });
    await settled();
    expect(sink.calls).toEqual(['close']);
    player.attachSink(sink);
    expect(sink.calls).toEqual(['close', 'open', 'play']);
  });

  it('does not touch the store for the bytes of the stream', async () => {
    const { module, sink, store } = await playing();
    const { state, status, trace } = store;
    for (let i = 0; i < 1_000; i++) module.data('door', 1_200);
    expect(sink.written).toBe(100 + 1_200_000);
    expect(store.state).toBe(state);
    expect(store.status).toBe(status);
    expect(store.trace).toBe(trace);
  });

  it('counts the seconds to the next try down', async () => {
    const random = { bytes: (length: number) => new Uint8Array(length).fill(255) };
    const { module, clock, store, player } = setUp({ random });
    player.start({ device, stream });
    await settled();
    for (let failure = 0; failure < 3; failure++) {
      module.service('door').reject(iotError('peer-offline'));
      await settled();
      if (failure < 2) {
        clock.runUntil(() => store.status.kind === 'loading', 10_000);
        await settled();
      }
    }
    const seen = [store.nextRetryInS];
    clock.runUntil(() => {
      if (store.nextRetryInS !== seen[seen.length - 1]) seen.push(store.nextRetryInS);
      return store.status.kind === 'loading';
    }, 10_000);
    expect(seen).toEqual([4, 3, 2, 1, null]);
    expect(store.failures).toBe(3);
  });

  it('asks again after silence, and knows when the latest bytes came', async () => {
    const { module, clock, store } = await playing();
    clock.advance(5_000);
    module.data('door');
    clock.advance(7_900);
    expect(store.status.kind).toBe('playing');
    clock.advance(200);
    expect(module.calls.slice(-2)).toEqual([
      'stopStream door',
      'startStream door action=live&channel=0&quality=high',
    ]);
    expect(store.status.kind).toBe('loading');
  });

  it('passes on what path and picture are', async () => {
    const { module, sink, store } = await playing();
    module.path('door', pathInfo('up', null, 35));
    expect(store.path).toMatchObject({ kind: 'relay', rttMs: 35 });
    sink.events!.onVideoSize({ width: 1280, height: 720 });
    expect(store.videoSize).toEqual({ width: 1280, height: 720 });
    module.path('door', pathInfo('down', 'peer-offline'));
    expect(store.status).toMatchObject({ kind: 'waiting', text: 'status.peer-offline' });
  });

  it('reports errors, and survives a report that throws', async () => {
    const onError = jest.fn(() => {
      throw new Error('app');
    });
    const { module, store } = await playing({ onError });
    const error = iotError('connection-lost');
    module.disconnect('door', error);
    expect(onError).toHaveBeenCalledWith(error, true);
    expect(store.status.kind).toBe('reconnecting');
  });

  it('keeps sound settings over a new surface', async () => {
    const { player, sink, store } = setUp({ muted: false });
    expect(sink.muted).toBe(false);
    player.setMuted(true);
    player.setVolume(0.5);
    expect([sink.muted, sink.volume, store.muted, store.volume]).toEqual([true, 0.5, true, 0.5]);
    const other = new FakeSink();
    player.attachSink(other);
    player.start({ device, stream });
    expect([other.muted, other.volume]).toEqual([true, 0.5]);
  });

  it('shows that the host has muted it', async () => {
    const { sink, store } = await playing({ muted: false });
    sink.events!.onMuted(true);
    expect(store.muted).toBe(true);
  });

  it('changes quality on the same connection', async () => {
    const { module, player } = await playing();
    module.calls.length = 0;
    player.start({ device, stream: { channel: 0, quality: 'standard' } });
    expect(module.calls).toEqual([
      'stopStream door',
      'startStream door action=live&channel=0&quality=standard',
    ]);
  });

  it('begins from nothing for another camera', async () => {
    const { module, player, sink } = await playing();
    module.calls.length = 0;
    player.start({ device: { id: 'yard', xp2pInfo: 'XP2Pyard%2.4.0' }, stream });
    await settled();
    expect(module.calls).toEqual([
      'stopStream door',
      'stopP2PService door',
      'startP2PService yard',
      'startStream yard action=live&channel=0&quality=high',
    ]);
    expect(sink.calls.slice(2)).toEqual(['stop', 'close', 'open', 'play']);
  });

  it('releases everything on close and ignores what still comes', async () => {
    const { module, clock, player, sink, store } = await playing();
    const { events } = sink;
    const { callbacks } = module.service('door');
    player.close();
    expect(module.calls.slice(-2)).toEqual(['stopStream door', 'stopP2PService door']);
    expect(sink.calls.slice(2)).toEqual(['stop', 'close']);
    const { state } = store;
    events!.onStalled();
    callbacks.msgCallback('path', 'down', pathInfo('down', 'silent'));
    clock.advance(120_000);
    expect(store.state).toBe(state);
  });

  it('can be started again after close', async () => {
    const { module, player, store } = await playing();
    player.close();
    player.start({ device, stream });
    await settled();
    expect(store.status.kind).toBe('loading');
    expect(module.calls.slice(-2)).toEqual([
      'startP2PService door',
      'startStream door action=live&channel=0&quality=high',
    ]);
  });

  it('traces the launch step by step', async () => {
    const { module, clock, player, sink, store } = setUp();
    player.start({ device, stream });
    clock.advance(10);
    await settled();
    clock.advance(30);
    module.service('door').resolve();
    await settled();
    module.notify('door', 'request');
    clock.advance(20);
    module.notify('door', 'parsed', { status: 200, headers: {} });
    clock.advance(5);
    module.data('door');
    clock.advance(15);
    sink.events!.onFirstFrame();
    expect(store.trace).toMatchObject({ result: 'playing', totalMs: 80 });
    const durations = Object.fromEntries(
      store.trace!.steps.map(({ name, durationMs }) => [name, durationMs]),
    );
    expect(durations).toMatchObject({
      InitModule: 10,
      StartP2PService: 30,
      WaitData: 5,
      WaitIDR: 15,
    });
  });
});
