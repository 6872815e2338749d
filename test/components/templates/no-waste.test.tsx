import { act, render, screen } from '@testing-library/react';
import { Profiler } from 'react';
import type { ReactElement } from 'react';
import { IotPlayer } from '@components/iot-player';
import { IotVideoProvider } from '@components/provider';
import { MonitorTemplate } from '@components/templates';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, pathInfo } from '../../standins/fake-p2p-module';
import { latestSink, sinks } from '../../standins/fake-surface';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const SECONDS = 60;
const CHUNKS_PER_S = 25;
/** The buttons hide by themselves, and first figures come. */
const REST_MS = 5_000;

/** What the figures of a stream do each second. */
interface Figures {
  readonly rttMs: (second: number) => number;
  readonly latencyMs: (second: number) => number;
}

/** Alive as on a real network, below what the page shows of it. */
const STEADY: Figures = {
  rttMs: (second) => 34 + (second % 2) * 0.4,
  latencyMs: (second) => 610 + (second % 4) * 10,
};
const CHANGING: Figures = {
  rttMs: (second) => 30 + second,
  latencyMs: (second) => 500 + second * 100,
};

const settle = () => act(async () => {});

class Watched {
  readonly module = new FakeP2PModule();
  readonly clock = new VirtualClock();
  renders = 0;

  async mount(content: ReactElement) {
    const { module, clock } = this;
    const platform = { clock, random: new SeededRandom(1) };
    const view = render(
      <IotVideoProvider config={{ module, platform, locale: 'en' }}>
        <Profiler id="page" onRender={() => (this.renders += 1)}>
          {content}
        </Profiler>
      </IotVideoProvider>,
    );
    await settle();
    module.service('door').resolve();
    await settle();
    act(() => {
      module.notify('door', 'request');
      module.notify('door', 'parsed', { status: 200, headers: {} });
      module.data('door');
      latestSink().events!.onFirstFrame();
    });
    return view;
  }

  /** Plays for some seconds. Each chunk is an `act` of its own, or React would draw them together. */
  play(seconds: number, { rttMs, latencyMs }: Figures): void {
    for (let second = 0; second < seconds; second++) {
      for (let chunk = 0; chunk < CHUNKS_PER_S; chunk++) {
        act(() => {
          this.module.data('door', 1_200);
          this.clock.advance(1_000 / CHUNKS_PER_S);
        });
      }
      act(() => this.module.path('door', pathInfo('up', null, rttMs(second))));
      act(() =>
        latestSink().events!.onProgress({
          currentTimeMs: second * 1_000,
          latencyMs: latencyMs(second),
          shownFrames: second * CHUNKS_PER_S,
          droppedFrames: 0,
        }),
      );
    }
  }

  /** Renders during a minute of play, once the page has come to rest. */
  countMinute(figures: Figures): number {
    this.play(REST_MS / 1_000, figures);
    const before = this.renders;
    this.play(SECONDS, figures);
    expect(screen.getAllByRole('status')[0]!.textContent).toBe('Live');
    return this.renders - before;
  }
}

beforeEach(() => {
  sinks.length = 0;
});

describe('a minute of play', () => {
  it.each([
    ['steady', STEADY],
    ['changing', CHANGING],
  ] as const)('draws the player at most 5 times, with %s figures', async (_name, figures) => {
    const watched = new Watched();
    await watched.mount(<IotPlayer device={device} />);
    expect(watched.countMinute(figures)).toBeLessThanOrEqual(5);
  });

  it('draws the page at most 5 times while what it says stays the same', async () => {
    const watched = new Watched();
    await watched.mount(<MonitorTemplate device={device} />);
    expect(watched.countMinute(STEADY)).toBeLessThanOrEqual(5);
    expect(screen.getByText('Connected · relay · 34 ms')).toBeTruthy();
    expect(screen.getByText('0.6 s')).toBeTruthy();
  });

  it('draws the page’s figures when they change, each once a second', async () => {
    const watched = new Watched();
    await watched.mount(<MonitorTemplate device={device} />);
    const renders = watched.countMinute(CHANGING);
    expect(renders).toBeGreaterThanOrEqual(SECONDS);
    expect(renders).toBeLessThanOrEqual(2 * SECONDS + 5);
  });
});

type Listening = Parameters<EventTarget['addEventListener']>;

describe('20 pages, one after the other', () => {
  it('leave no listener, connection or element behind', async () => {
    const open = new Map<string, number>();
    const key = (target: EventTarget, type: string): string => `${target.constructor.name} ${type}`;
    const count = (name: string, by: number) => open.set(name, (open.get(name) ?? 0) + by);
    const targets = [window, document];
    const spies = targets.flatMap((target) => {
      const add = target.addEventListener.bind(target) as EventTarget['addEventListener'];
      const remove = target.removeEventListener.bind(target) as EventTarget['addEventListener'];
      return [
        jest.spyOn(target, 'addEventListener').mockImplementation((...args: Listening) => {
          count(key(target, args[0]), 1);
          add(...args);
        }),
        jest.spyOn(target, 'removeEventListener').mockImplementation((...args: Listening) => {
          count(key(target, args[0]), -1);
          remove(...args);
        }),
      ];
    });
    const growth: string[] = [];
    for (let round = 0; round < 20; round++) {
      const watched = new Watched();
      const { unmount } = await watched.mount(<MonitorTemplate device={device} />);
      watched.play(2, CHANGING);
      const before = [...open.values()].filter((held) => held > 0).length;
      if (round === 0) expect(before).toBeGreaterThan(0);
      unmount();
      await settle();
      watched.clock.advance(120_000);
      expect(watched.module.services.size).toBe(0);
      expect(latestSink().calls.slice(-1)).toEqual(['close']);
      for (const [name, held] of open) if (held > 0) growth.push(`${round}: ${name} ${held}`);
    }
    for (const spy of spies) spy.mockRestore();
    expect(growth).toEqual([]);
    expect(document.body.textContent).toBe('');
  });
});
