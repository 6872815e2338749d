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
  const platform = { clock: new VirtualClock(), random: new SeededRandom(1) };
  render(
    <IotVideoProvider config={{ module, platform, locale: 'en' }}>
      <MonitorTemplate device={device} {...(onBack !== undefined && { onBack })} />
    </IotVideoProvider>,
  );
  await act(async () => {});
  return module;
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
    const module = await mount();
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
    expect(screen.getByText('Connected · relay')).toBeTruthy();
    expect(screen.getByText('1280 × 720')).toBeTruthy();
    expect(screen.getByText('0.6 s')).toBeTruthy();
  });
});
