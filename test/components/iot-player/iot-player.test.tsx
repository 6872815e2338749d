import { act, fireEvent, render, screen } from '@testing-library/react';
import { Profiler, StrictMode, createRef } from 'react';
import type { ReactElement } from 'react';
import type { IotPlayerHandle } from '@components/hooks';
import { IotPlayer, usePlayer } from '@components/iot-player';
import type { IotPlayerProps } from '@components/iot-player';
import { IotVideoProvider } from '@components/provider';
import type { IotVideoConfig } from '@components/provider';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError, pathInfo } from '../../standins/fake-p2p-module';
import { latestSink, sinks } from '../../standins/fake-surface';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };

interface Parts {
  readonly module: FakeP2PModule;
  readonly clock: VirtualClock;
  readonly wrap: (content: ReactElement) => ReactElement;
}

function setUp(config: IotVideoConfig = {}): Parts {
  const module = new FakeP2PModule();
  const clock = new VirtualClock();
  const platform = { clock, random: new SeededRandom(1) };
  const full: IotVideoConfig = { module, platform, locale: 'en', ...config };
  return {
    module,
    clock,
    wrap: (content) => <IotVideoProvider config={full}>{content}</IotVideoProvider>,
  };
}

/** Lets settled promises call back, and React draw. */
const settle = () => act(async () => {});

async function mount(props: Partial<IotPlayerProps> = {}, config: IotVideoConfig = {}) {
  const parts = setUp(config);
  const view = render(parts.wrap(<IotPlayer device={device} {...props} />));
  await settle();
  return { ...parts, ...view };
}

async function connect({ module }: Parts): Promise<void> {
  module.service('door').resolve();
  await settle();
}

async function play(parts: Parts): Promise<void> {
  await connect(parts);
  act(() => {
    parts.module.notify('door', 'request');
    parts.module.notify('door', 'parsed', { status: 200, headers: {} });
    parts.module.data('door');
    latestSink().events!.onFirstFrame();
  });
}

const status = () => screen.getByRole('status').textContent;

beforeEach(() => {
  sinks.length = 0;
});

describe('IotPlayer', () => {
  it('names itself and its picture', async () => {
    await mount();
    expect(screen.getByRole('region', { name: 'Player: Front door' })).toBeTruthy();
    expect(screen.getByLabelText('Picture of Front door')).toBeTruthy();
  });

  it('says in words which step it is at', async () => {
    const parts = await mount();
    expect(status()).toBe('Connecting to the camera…');
    await connect(parts);
    expect(status()).toBe('Asking the camera for its picture…');
    act(() => parts.module.notify('door', 'parsed', { status: 200, headers: {} }));
    expect(status()).toBe('Waiting for the picture…');
    act(() => parts.module.data('door'));
    expect(status()).toBe('Showing the first picture…');
    act(() => latestSink().events!.onFirstFrame());
    expect(status()).toBe('Live');
  });

  it('never shows that it stands still before it has begun', async () => {
    const { wrap } = setUp();
    const seen: (string | null)[] = [];
    const watcher = new MutationObserver(() => seen.push(screen.getByRole('status').textContent));
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
    render(wrap(<IotPlayer device={device} />));
    await settle();
    watcher.disconnect();
    expect(seen).not.toContain('Stopped');
    expect(status()).toBe('Connecting to the camera…');
  });

  it('speaks the provider’s language', async () => {
    await mount({}, { locale: 'zh-CN' });
    expect(status()).toBe('正在连接摄像头…');
  });

  it('shows why it failed, what to do, and when it tries again', async () => {
    const { module, clock } = await mount();
    module.service('door').reject(iotError('peer-offline'));
    await settle();
    expect(screen.getByText('The camera is offline')).toBeTruthy();
    expect(screen.getByText('Check the camera’s power and its network.')).toBeTruthy();
    expect(screen.getByText('Code -2403 · peer-offline')).toBeTruthy();
    expect(screen.getByText('Next try in 1 s')).toBeTruthy();
    act(() => clock.advance(1_000));
    expect(status()).toBe('Connecting to the camera…');
  });

  it('tries again at the press of a button', async () => {
    const { module } = await mount();
    module.service('door').reject(iotError('access-denied', false));
    await settle();
    expect(screen.getByText('The camera refuses access')).toBeTruthy();
    module.calls.length = 0;
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(module.calls[0]).toBe('startP2PService door');
    expect(screen.queryByText('The camera refuses access')).toBeNull();
  });

  it('says over the last picture that it waits', async () => {
    const parts = await mount();
    await play(parts);
    act(() => parts.module.path('door', pathInfo('down', 'peer-offline')));
    expect(screen.getAllByText('The camera is offline, waiting for it…')).toHaveLength(2);
    expect(latestSink().calls).toEqual(['open', 'play']);
    act(() => parts.module.path('door', pathInfo('up')));
    expect(status()).toBe('Live');
  });

  it('turns the sound on and off', async () => {
    const parts = await mount();
    expect(screen.queryByRole('button', { name: 'Turn sound on' })).toBeNull();
    await play(parts);
    fireEvent.click(screen.getByRole('button', { name: 'Turn sound on' }));
    expect(latestSink().muted).toBe(false);
    fireEvent.click(screen.getByRole('button', { name: 'Turn sound off' }));
    expect(latestSink().muted).toBe(true);
  });

  it('begins the picture anew at the press of a button', async () => {
    const parts = await mount();
    await play(parts);
    fireEvent.click(screen.getByRole('button', { name: 'More' }));
    fireEvent.click(screen.getByRole('menuitem', { name: 'Reload the picture' }));
    expect(latestSink().calls).toEqual(['open', 'play', 'stop', 'play']);
  });

  it('offers the qualities that the app names, and begins the chosen one anew', async () => {
    const onQualityChange = jest.fn();
    const parts = await mount({ qualities: ['standard', 'high'], onQualityChange });
    expect(screen.queryByRole('button', { name: /Picture quality/ })).toBeNull();
    await play(parts);
    parts.module.calls.length = 0;
    fireEvent.click(screen.getByRole('button', { name: 'Picture quality: High' }));
    const items = screen.getAllByRole('menuitemradio');
    expect(
      items.map((item) => [
        item.textContent,
        item.ariaChecked ?? item.getAttribute('aria-checked'),
      ]),
    ).toEqual([
      ['Standard', 'false'],
      ['High', 'true'],
    ]);
    fireEvent.click(items[0]!);
    expect(screen.queryByRole('menu')).toBeNull();
    expect(parts.module.calls).toContain('startStream door action=live&channel=0&quality=standard');
    expect(onQualityChange).toHaveBeenCalledWith('standard');
  });

  it('goes through a menu by keys, and closes it by Escape', async () => {
    const parts = await mount({ qualities: ['standard', 'high'] });
    await play(parts);
    fireEvent.click(screen.getByRole('button', { name: /Picture quality/ }));
    fireEvent.keyDown(screen.getAllByRole('menuitemradio')[1]!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(screen.getAllByRole('menuitemradio')[0]);
    fireEvent.keyDown(document.activeElement!, { key: 'Escape' });
    expect(screen.queryByRole('menu')).toBeNull();
  });

  it('turns the sound on and off by a key', async () => {
    const parts = await mount();
    await play(parts);
    fireEvent.keyDown(screen.getByRole('region'), { key: 'm' });
    expect(latestSink().muted).toBe(false);
    fireEvent.keyDown(screen.getByRole('region'), { key: 'm', ctrlKey: true });
    expect(latestSink().muted).toBe(false);
  });

  it('fills the page where the browser has no full screen, until Escape', async () => {
    const parts = await mount();
    await play(parts);
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Full screen' }));
    });
    expect(screen.getByRole('region').className).toContain('iot-player--page');
    await act(async () => {
      fireEvent.keyDown(document.body, { key: 'Escape' });
    });
    expect(screen.getByRole('region').className).not.toContain('iot-player--page');
  });

  it('shows a poster until there is a picture', async () => {
    const parts = await mount({ poster: 'door.jpg' });
    const poster = () => document.querySelector<HTMLElement>('.iot-player__poster');
    expect(poster()?.style.backgroundImage).toContain('door.jpg');
    await play(parts);
    expect(poster()).toBeNull();
  });

  it('asks for a tap where the browser wants one', async () => {
    const parts = await mount();
    await connect(parts);
    act(() => latestSink().events!.onBlocked());
    expect(status()).toBe('Tap to play');
    fireEvent.click(screen.getByRole('button', { name: 'Play' }));
    expect(latestSink().calls).toEqual(['open', 'play', 'stop', 'play']);
  });

  it('does not draw anything for the bytes of the stream', async () => {
    const parts = setUp();
    const onRender = jest.fn();
    render(
      parts.wrap(
        <Profiler id="player" onRender={onRender}>
          <IotPlayer device={device} />
        </Profiler>,
      ),
    );
    await settle();
    await play(parts);
    // The buttons come to rest.
    act(() => parts.clock.advance(3_500));
    const before = onRender.mock.calls.length;
    act(() => {
      for (let i = 0; i < 2_000; i++) {
        parts.module.data('door', 1_200);
        parts.clock.advance(5);
      }
    });
    act(() =>
      latestSink().events!.onProgress({
        currentTimeMs: 10_000,
        latencyMs: 400,
        shownFrames: 250,
        droppedFrames: 0,
      }),
    );
    expect(latestSink().written).toBe(100 + 2_400_000);
    expect(onRender.mock.calls.length - before).toBe(0);
    expect(before).toBeLessThan(15);
  });

  it('releases stream, connection and surface when it goes away', async () => {
    const parts = await mount();
    await play(parts);
    const sink = latestSink();
    parts.unmount();
    expect(parts.module.calls.slice(-3)).toEqual([
      'stopStream door',
      'stopP2PService door',
      'destroy',
    ]);
    expect(sink.calls.slice(-1)).toEqual(['close']);
    parts.clock.advance(120_000);
    expect(parts.module.calls.slice(-1)).toEqual(['destroy']);
  });

  it('works where React mounts everything twice', async () => {
    const parts = setUp();
    const view = render(<StrictMode>{parts.wrap(<IotPlayer device={device} />)}</StrictMode>);
    await settle();
    await play(parts);
    expect(status()).toBe('Live');
    expect(parts.module.services.size).toBe(1);
    view.unmount();
    expect(parts.module.services.size).toBe(0);
  });

  it('can be worked by its ref', async () => {
    const ref = createRef<IotPlayerHandle>();
    const { wrap, ...parts } = setUp();
    render(wrap(<IotPlayer ref={ref} device={device} />));
    await settle();
    await play({ wrap, ...parts });
    act(() => ref.current!.unmute());
    expect(latestSink().muted).toBe(false);
    act(() => ref.current!.mute());
    expect(latestSink().muted).toBe(true);
    await settle();
    parts.module.calls.length = 0;
    act(() => ref.current!.pause());
    expect(parts.module.calls).toContain('stopStream door');
    expect(parts.module.services.size).toBe(1);
    act(() => ref.current!.stop());
    expect(status()).toBe('Stopped');
    expect(parts.module.services.size).toBe(0);
    act(() => ref.current!.play());
    expect(parts.module.services.size).toBe(1);
    expect(ref.current!.diagnostics().deviceId).toBe('door');
  });

  it('tells the app of errors and of changes of its status', async () => {
    const onError = jest.fn();
    const onStatusChange = jest.fn();
    const parts = await mount({ onError, onStatusChange });
    await play(parts);
    const error = iotError('connection-lost');
    act(() => parts.module.disconnect('door', error));
    expect(onError).toHaveBeenCalledWith(error, true);
    expect(onStatusChange.mock.calls.map(([{ kind }]) => kind)).toEqual(
      expect.arrayContaining(['loading', 'playing', 'reconnecting']),
    );
  });

  it('follows a change of camera, quality and sound', async () => {
    const { wrap, ...parts } = setUp();
    const view = render(wrap(<IotPlayer device={device} />));
    await settle();
    await play({ wrap, ...parts });
    parts.module.calls.length = 0;
    view.rerender(wrap(<IotPlayer device={device} quality="standard" muted={false} />));
    expect(parts.module.calls).toEqual([
      'stopStream door',
      'startStream door action=live&channel=0&quality=standard',
    ]);
    expect(latestSink().muted).toBe(false);

    const yard = { id: 'yard', name: 'Yard', xp2pInfo: 'XP2Pyard%2.4.0' };
    view.rerender(wrap(<IotPlayer device={yard} quality="standard" muted={false} />));
    await settle();
    expect([...parts.module.services.keys()]).toEqual(['yard']);
    expect(sinks).toHaveLength(2);
    expect(sinks[0]!.calls.slice(-1)).toEqual(['close']);
    expect(latestSink().calls).toEqual(['open', 'play']);
    expect(screen.getByRole('region', { name: 'Player: Yard' })).toBeTruthy();
  });

  it('does not begin anew for a device object with the same contents', async () => {
    const { wrap, ...parts } = setUp();
    const view = render(wrap(<IotPlayer device={device} />));
    await settle();
    await play({ wrap, ...parts });
    parts.module.calls.length = 0;
    view.rerender(wrap(<IotPlayer device={{ ...device }} />));
    expect(parts.module.calls).toEqual([]);
  });

  it('carries what the app puts over the picture, which may use the player', async () => {
    function Name() {
      return <b>{usePlayer().device.name}</b>;
    }
    await mount({ children: <Name /> });
    expect(screen.getByText('Front door')).toBeTruthy();
  });

  it('can leave its buttons out', async () => {
    const parts = await mount({ controls: false });
    await play(parts);
    expect(screen.queryAllByRole('button')).toHaveLength(0);
  });

  it('says clearly that it needs a provider', () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => {});
    expect(() => render(<IotPlayer device={device} />)).toThrow(
      'must stand inside an <IotVideoProvider>',
    );
    log.mockRestore();
  });
});

describe('a camera that sends sound and pictures apart', () => {
  const lock = { ...device, xp2pInfo: 'XP2Pdoor%2.4.0m' };

  it('has a surface for each, and no menu of qualities', async () => {
    const parts = await mount({ device: lock });
    expect(sinks).toHaveLength(2);
    await play(parts);
    expect(screen.queryByRole('button', { name: /Picture quality/ })).toBeNull();
    expect(parts.module.calls).toContain('startStream door action=live-mjpg&channel=0');
    expect(parts.module.calls).toContain('startStream door action=live-audio&channel=0');
  });

  it('plays the sound alone where only that is wanted, and both when that changes', async () => {
    const parts = await mount({ device: lock, onlyAudio: true });
    await connect(parts);
    const asked = () => parts.module.calls.filter((call) => call.startsWith('startStream'));
    expect(asked()).toEqual(['startStream door action=live-audio&channel=0']);
    parts.rerender(parts.wrap(<IotPlayer device={lock} />));
    await settle();
    await connect(parts);
    expect(asked()).toContain('startStream door action=live-mjpg&channel=0');
  });

  it('leaves nothing behind', async () => {
    const parts = await mount({ device: lock });
    await play(parts);
    parts.unmount();
    await settle();
    expect(parts.module.services.size).toBe(0);
    expect(sinks.map((sink) => sink.events)).toEqual([null, null]);
  });
});

describe('the policies of an IotPlayer', () => {
  it('have the camera asked for its state before it is asked for its picture', async () => {
    const parts = setUp();
    const sendCommand = jest.spyOn(parts.module, 'sendCommand');
    render(parts.wrap(<IotPlayer device={device} checkStream />));
    await settle();
    await connect(parts);
    expect(sendCommand.mock.calls[0]).toEqual([
      'door',
      expect.stringContaining('get_device_st'),
      expect.anything(),
    ]);
  });

  it('begin the stream anew where the picture has fallen behind', async () => {
    const parts = await mount({ cacheThresholdMs: 2_000 });
    await play(parts);
    const streams = () =>
      parts.module.calls.filter((call) => call.startsWith('startStream')).length;
    for (let s = 0; s < 12; s += 2) {
      act(() => parts.module.data('door'));
      act(() => parts.clock.advance(2_000));
    }
    const before = streams();
    act(() =>
      latestSink().events!.onProgress({
        currentTimeMs: 1,
        latencyMs: 2_001,
        shownFrames: null,
        droppedFrames: null,
      }),
    );
    await settle();
    expect(streams()).toBe(before + 1);
  });

  it('pause and silence a player that is scrolled out of sight', async () => {
    let tell: (onScreen: boolean) => void = () => undefined;
    const disconnect = jest.fn();
    class FakeObserver {
      constructor(call: (entries: readonly { readonly isIntersecting: boolean }[]) => void) {
        tell = (isIntersecting) => call([{ isIntersecting }]);
      }
      observe = jest.fn();
      disconnect = disconnect;
    }
    Object.assign(globalThis, { IntersectionObserver: FakeObserver });
    const parts = await mount({
      muted: false,
      pauseWhen: ['offscreen'],
      pauseAfterHiddenMs: 5_000,
      muteWhen: ['offscreen'],
    });
    await play(parts);
    act(() => tell(false));
    expect(latestSink().muted).toBe(true);
    act(() => parts.clock.advance(5_000));
    expect(parts.module.calls).toContain('stopStream door');
    act(() => tell(true));
    expect(latestSink().muted).toBe(false);
    parts.unmount();
    expect(disconnect).toHaveBeenCalledTimes(1);
  });

  it('are not asked where nothing names them: no observer is made', async () => {
    const made = jest.fn();
    Object.assign(globalThis, { IntersectionObserver: made });
    await mount();
    expect(made).not.toHaveBeenCalled();
  });
});
