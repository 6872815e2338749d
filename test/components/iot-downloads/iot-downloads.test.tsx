import { act, fireEvent, render, screen } from '@testing-library/react';
import { IotDownloads, useIotDownloads } from '@components/iot-downloads';
import type { IotDownloadsModel } from '@components/iot-downloads';
import { IotVideoProvider } from '@components/provider';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FileModule, generatedFile } from '../../services/downloads/file-module';

const door = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const turns = () =>
  act(async () => {
    for (let i = 0; i < 300; i++) await Promise.resolve();
  });

let model: IotDownloadsModel;
function Probe() {
  model = useIotDownloads();
  return null;
}

function mount(module: FileModule) {
  const platform = { clock: new VirtualClock(), random: new SeededRandom(1) };
  return render(
    <IotVideoProvider config={{ module, platform, locale: 'en' }}>
      <Probe />
      <IotDownloads devices={[door]} />
    </IotVideoProvider>,
  );
}

const request = (name: string, sizeBytes: number) => ({
  ...{ deviceId: 'door', deviceName: 'Front door', channel: 0 },
  file: { name, sizeBytes, type: '0', startS: null, endS: null, sha256: null },
});

beforeEach(() => localStorage.clear());

describe('IotDownloads', () => {
  it('says what to do where there is nothing', async () => {
    mount(new FileModule());
    await turns();
    expect(screen.getByRole('region', { name: 'Downloads' }).textContent).toContain('No downloads');
  });

  it('shows a file until it is there, and lets it be saved and deleted', async () => {
    const module = new FileModule();
    module.files.set('a.flv', generatedFile(2_000, 1));
    mount(module);
    act(() => model.controller.add([request('a.flv', 2_000)]));
    expect(screen.getByRole('progressbar', { name: 'Front door-a.flv' })).toBeTruthy();
    await turns();
    expect(screen.getByRole('listitem').textContent).toContain('2.0 kB');
    expect(screen.getByRole('button', { name: 'Save Front door-a.flv' })).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Delete Front door-a.flv' }));
    await turns();
    expect(screen.queryByRole('listitem')).toBeNull();
  });

  it('tells in words what failed, and tries again', async () => {
    const module = new FileModule();
    mount(module);
    act(() => model.controller.add([request('gone.flv', 5)]));
    await turns();
    expect(screen.getByRole('listitem').textContent).toContain('does not hand out this file');
    module.files.set('gone.flv', generatedFile(5, 1));
    fireEvent.click(screen.getByRole('button', { name: 'Resume Front door-gone.flv' }));
    await turns();
    expect(screen.getByRole('button', { name: 'Save Front door-gone.flv' })).toBeTruthy();
  });
});
