import { createH5Host } from '../../../../services/host/h5';
import { createH5Network } from '../../../../services/host/h5/h5-network';
import type { NetworkEvent } from '../../../../services/host';
import { ManualClock } from '../../../agents/manual-clock';

class FakeBrowser {
  readonly page = new EventTarget();
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly connection: EventTarget & { type?: string } = Object.assign(new EventTarget(), {
    type: 'wifi',
  });
  readonly navigator: { onLine: boolean; connection?: EventTarget } = {
    onLine: true,
    connection: this.connection,
  };
  listeners = 0;

  constructor() {
    for (const target of [this.page, this.document, this.connection]) {
      const add = target.addEventListener.bind(target);
      const remove = target.removeEventListener.bind(target);
      target.addEventListener = (...args: Parameters<typeof add>) => {
        this.listeners++;
        add(...args);
      };
      target.removeEventListener = (...args: Parameters<typeof remove>) => {
        this.listeners--;
        remove(...args);
      };
    }
  }

  show(state: 'visible' | 'hidden'): void {
    this.document.visibilityState = state;
    this.document.dispatchEvent(new Event('visibilitychange'));
  }

  goOnline(isOnline: boolean): void {
    this.navigator.onLine = isOnline;
    this.page.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
  }

  connect(type: string | undefined): void {
    this.connection.type = type;
    this.connection.dispatchEvent(new Event('change'));
  }
}

describe('network of the H5 host', () => {
  const NAMES = ['document', 'navigator', 'addEventListener', 'removeEventListener'] as const;
  const saved = NAMES.map((name) => Object.getOwnPropertyDescriptor(globalThis, name));
  let browser: FakeBrowser;
  let clock: ManualClock;
  let events: NetworkEvent[];

  const subscribe = () =>
    createH5Network(clock).subscribe((event) => {
      events.push(event);
    });

  beforeEach(() => {
    browser = new FakeBrowser();
    clock = new ManualClock();
    events = [];
    const { page, document, navigator } = browser;
    const values = {
      document,
      navigator,
      addEventListener: (...args: Parameters<EventTarget['addEventListener']>) =>
        page.addEventListener(...args),
      removeEventListener: (...args: Parameters<EventTarget['removeEventListener']>) =>
        page.removeEventListener(...args),
    };
    for (const name of NAMES) {
      Object.defineProperty(globalThis, name, { value: values[name], configurable: true });
    }
  });
  afterEach(() => {
    for (const [at, name] of NAMES.entries()) {
      const descriptor = saved[at];
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete (globalThis as Record<string, unknown>)[name];
    }
  });

  it('tells when the kind of network changes, and not when its speed does', () => {
    subscribe();
    browser.connect('wifi');
    browser.connect('cellular');
    browser.connect('cellular');
    browser.connect('wimax');
    expect(events).toEqual([
      { kind: 'changed', type: 'cellular' },
      { kind: 'changed', type: 'unknown' },
    ]);
  });

  it('tells of on- and offline', () => {
    subscribe();
    browser.goOnline(false);
    browser.goOnline(true);
    expect(events).toEqual([
      { kind: 'changed', type: 'none' },
      { kind: 'changed', type: 'wifi' },
    ]);
  });

  it('does without the Network Information API', () => {
    delete browser.navigator.connection;
    subscribe();
    browser.goOnline(true);
    expect(events).toEqual([{ kind: 'changed', type: 'unknown' }]);
  });

  it('tells how long the page was out of sight', () => {
    subscribe();
    browser.show('visible');
    browser.show('hidden');
    browser.show('hidden');
    clock.advance(30_000);
    browser.show('visible');
    expect(events).toEqual([{ kind: 'hidden' }, { kind: 'shown', hiddenMs: 30_000 }]);
  });

  it('counts the time while the machine slept and its monotonic clock stood still', () => {
    const asleep = { nowMs: 0, wallMs: 5_000 };
    createH5Network({
      nowMs: () => asleep.nowMs,
      wallMs: () => asleep.wallMs,
      setTimer: () => () => undefined,
    }).subscribe((event) => events.push(event));
    browser.show('hidden');
    asleep.wallMs += 3_600_000;
    browser.show('visible');
    browser.show('hidden');
    asleep.wallMs -= 1_000_000;
    browser.show('visible');
    expect(events.filter(({ kind }) => kind === 'shown')).toEqual([
      { kind: 'shown', hiddenMs: 3_600_000 },
      { kind: 'shown', hiddenMs: 0 },
    ]);
  });

  it('knows that a page can start out of sight', () => {
    browser.document.visibilityState = 'hidden';
    subscribe();
    clock.advance(1_000);
    browser.show('visible');
    expect(events).toEqual([{ kind: 'shown', hiddenMs: 1_000 }]);
  });

  it('listens to the browser only while someone listens to it', async () => {
    const { network } = createH5Host();
    expect(browser.listeners).toBe(0);
    const listener = jest.fn();
    const stopFirst = network!.subscribe(listener);
    const stopSecond = network!.subscribe(listener);
    expect(browser.listeners).toBe(4);
    browser.goOnline(true);
    expect(listener).toHaveBeenCalledTimes(2);
    stopFirst();
    stopFirst();
    expect(browser.listeners).toBe(4);
    stopSecond();
    expect(browser.listeners).toBe(0);
    expect(await network!.localAddresses()).toEqual([]);
  });
});
