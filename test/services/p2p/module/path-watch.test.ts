import type { PathInfo } from '../../../../services/p2p/module';
import { isNews, PathWatch } from '../../../../services/p2p/module/path-watch';
import { VirtualClock } from '../../../net/virtual-clock';
import { ModuleWorld, URL } from './module-world';

const path = (rttMs: number | null, loss: number | null = 0): PathInfo => ({
  kind: 'relay',
  state: 'up',
  reason: null,
  rttMs,
  loss,
  sinceMs: 0,
});

describe('isNews', () => {
  it.each<[PathInfo, PathInfo, boolean]>([
    [path(null), path(null), false],
    [path(null), path(40), true],
    [path(40), path(47), false],
    [path(40), path(50), true],
    [path(10), path(14), false],
    [path(100), path(70), true],
    [path(40, 0), path(40, 0.01), false],
    [path(40, 0), path(40, 0.03), true],
    [path(40, null), path(40, 0), false],
  ])('%j, then %j: %s', (told, now, news) => {
    expect(isNews(told, now)).toBe(news);
  });
});

describe('PathWatch', () => {
  it('tells the first round trip soon, and then once a second at most', () => {
    const clock = new VirtualClock();
    let current = path(null);
    const told: [number, number | null][] = [];
    const watch: PathWatch = new PathWatch(
      clock,
      () => current,
      (news) => {
        told.push([clock.nowMs(), news.rttMs]);
        watch.onTold(news);
      },
    );
    watch.onTold(current);
    watch.start();
    clock.advance(450);
    current = path(40);
    clock.advance(100);
    expect(told).toEqual([[500, 40]]);
    for (let rttMs = 50; rttMs < 300; rttMs *= 1.3) {
      current = path(rttMs);
      clock.advance(250);
    }
    expect(told.map(([atMs]) => atMs)).toEqual([500, 1500]);
    watch.stop();
    current = path(1000);
    clock.advance(5000);
    expect(told).toHaveLength(2);
  });
});

describe('the message path', () => {
  it('is repeated when the round trip becomes known and when it changes', async () => {
    const world = new ModuleWorld();
    const told: PathInfo[] = [];
    world.startCamera();
    await world.init();
    const msgCallback = (event: string, _: string, detail: unknown) => {
      if (event === 'path') told.push(detail as PathInfo);
    };
    const { xp2pInfo } = world;
    await world.settle(
      world.module.startP2PService('cam', { url: URL, xp2pInfo }, { msgCallback }),
    );
    await world.module.startStream('cam', { dataCallback: () => undefined });
    world.clock.advance(2000);
    expect(told[0]!.rttMs).toBeNull();
    expect(told.at(-1)!.rttMs).toBeGreaterThan(30);
    const count = told.length;
    world.clock.advance(20_000);
    expect(told.length).toBe(count);
    world.relay.delayMs = 60;
    for (let i = 0; i < 20; i++) {
      void world.module.sendCommand('cam', 'action=user_define&cmd=a', { timeoutMs: 1000 });
      world.clock.advance(1000);
    }
    expect(told.at(-1)!.rttMs).toBeGreaterThan(100);
  });
});
