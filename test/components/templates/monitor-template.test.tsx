import Taro from '@tarojs/taro';
import { act, fireEvent, render, screen } from '@testing-library/react';
import { IotVideoProvider } from '@components/provider';
import { MonitorTemplate } from '@components/templates';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, pathInfo } from '../../standins/fake-p2p-module';
import { latestSink } from '../../standins/fake-surface';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };

async function mount(onBack?: () => void) {
  const module = new FakeP2PModule();
  const clock = new VirtualClock();
  const platform = { clock, random: new SeededRandom(1) };
  render(
    <IotVideoProvider config={{ module, platform, locale: 'en' }}>
      <MonitorTemplate device={device} {...(onBack !== undefined && { onBack })} />
    </IotVideoProvider>,
  );
  await act(async () => {});
  return { module, clock };
}

describe('MonitorTemplate', () => {
  it('names the camera and leads back', async () => {
    const onBack = jest.fn();
    await mount(onBack);
    expect(screen.getByRole('heading', { name: 'Front door' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(onBack).toHaveBeenCalledTimes(1);
  });

  it('offers no way back where the host has its own', async () => {
    await mount();
    expect(screen.queryByRole('button', { name: 'Back' })).toBeNull();
  });

  it('tells how the picture comes', async () => {
    const { module, clock } = await mount();
    act(() => module.path('door', pathInfo('up', null, 34.6)));
    expect(screen.getByText('Connected · relay · 35 ms')).toBeTruthy();
    act(() => module.path('door', pathInfo('down', 'silent')));
    expect(screen.getByText('Interrupted')).toBeTruthy();
    act(() => module.path('door', pathInfo('up', null, null)));

    module.service('door').resolve();
    await act(async () => {});
    act(() => {
      module.data('door');
      latestSink().events!.onFirstFrame();
      latestSink().events!.onVideoSize({ width: 1280, height: 720 });
      latestSink().events!.onProgress({
        currentTimeMs: 1_000,
        latencyMs: 640,
        shownFrames: null,
        droppedFrames: null,
      });
    });
    // Figures come once a second.
    act(() => clock.advance(1_000));
    expect(screen.getByText('Connected · relay')).toBeTruthy();
    expect(screen.getByText('1280 × 720')).toBeTruthy();
    expect(screen.getByText('0.6 s')).toBeTruthy();
  });

  it('unfolds all that is known of the player, to be copied without its secrets', async () => {
    const { module } = await mount();
    act(() => module.path('door', pathInfo('up', null, 34.6)));
    const fold = screen.getByRole('button', { name: 'Diagnostics' });
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByText('Round trip')).toBeNull();
    fireEvent.click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('Round trip').nextSibling?.textContent).toBe('35 ms');
    fireEvent.click(screen.getByRole('button', { name: 'Copy' }));
    await act(async () => {});
    const [{ data }] = jest.mocked(Taro.setClipboardData).mock.calls[0]!;
    expect(JSON.parse(data)).toMatchObject({ deviceId: 'door', path: { kind: 'relay' } });
    expect(data).not.toContain(device.xp2pInfo);
    expect(screen.getByText('Copied')).toBeTruthy();
    expect(screen.getByText(/ path → Player/)).toBeTruthy();
    const made = jest.fn((_blob: Blob) => 'blob:exported');
    Object.assign(URL, { createObjectURL: made });
    fireEvent.click(screen.getByRole('button', { name: 'Export' }));
    await act(async () => {});
    expect(made.mock.calls[0]![0].type).toBe('application/json');
    expect(screen.getByText('Exported')).toBeTruthy();
  });
});
