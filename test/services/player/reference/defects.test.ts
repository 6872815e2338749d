import { liveStreamParams } from '../../../../services/player';
import { iotError } from '../../../standins/fake-p2p-module';
import { DEVICE, HIGH, PlayerWorld, settled, STANDARD } from '../player-world';

describe('reference §8.2: defects that a player could repeat', () => {
  it('1 a change of quality asks for that quality, never for none', async () => {
    const world = new PlayerWorld();
    const { player } = await world.playing();
    player.start({ device: DEVICE, stream: STANDARD });
    const asked = world.module.calls.filter((call) => call.startsWith('startStream'));
    expect(asked.map((call) => /quality=(\w+)/.exec(call)?.[1])).toEqual(['high', 'standard']);
    expect(liveStreamParams({ channel: 3, quality: 'super' })).not.toContain('undefined');
  });

  it('2 a surface that asks for bytes while the player is paused is stopped', async () => {
    const world = new PlayerWorld();
    const { player, sink } = await world.playing();
    player.pause();
    expect(sink.calls[sink.calls.length - 1]).toBe('stop');
    sink.events!.onStartPull();
    expect(world.count('startStream')).toBe(1);
  });

  it('3 an app whose error handler throws takes nothing down', async () => {
    const world = new PlayerWorld();
    const onError = () => {
      throw new Error('app');
    };
    const { store } = await world.playing({ onError });
    world.module.disconnect('door', iotError('access-denied', false));
    expect(store.status).toMatchObject({ kind: 'error', error: { reason: 'access-denied' } });
  });

  it('4 every region has a known state after everything was stopped', async () => {
    const world = new PlayerWorld();
    const { player, store } = await world.playing();
    player.stop();
    const { player: surface, p2p, stream } = store.state;
    expect([surface.kind, p2p.kind, stream.kind]).toEqual([
      'PlayerReady',
      'P2PInited',
      'StreamIdle',
    ]);
  });

  it('5 what was running is stopped before the player is closed to events', async () => {
    const world = new PlayerWorld();
    const { player, sink } = await world.playing();
    player.close();
    expect(world.module.calls.slice(-2)).toEqual(['stopStream door', 'stopP2PService door']);
    expect(sink.calls.slice(-2)).toEqual(['stop', 'close']);
  });

  it('9 leaving the page takes its listeners along and releases the connection', async () => {
    const world = new PlayerWorld();
    for (let i = 0; i < 3; i++) {
      const { player } = world.player();
      player.start({ device: DEVICE, stream: HIGH });
      await settled();
      player.close();
    }
    expect([world.listeners.size, world.module.services.size]).toEqual([0, 0]);
    expect(world.clock.pendingTimers).toBe(0);
  });
});
