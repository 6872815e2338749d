import { act, fireEvent, render, screen } from '@testing-library/react';
import { IotPlayback } from '@components/iot-playback';
import { IotVideoProvider } from '@components/provider';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule } from '../../standins/fake-p2p-module';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const door = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const DAY_S = Date.UTC(2026, 10, 22) / 1_000;

class AnsweringModule extends FakeP2PModule {
  answers: Record<string, unknown> = {
    get_month_record: { video_list: String((1 << 20) | (1 << 21)) },
    get_record_index: { video_list: [{ start_time: DAY_S + 3_600, end_time: DAY_S + 7_200 }] },
  };

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const started = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return started;
  }

  override sendCommand(_id?: string, command = '') {
    const cmd = new URLSearchParams(command).get('cmd') ?? '';
    const data = JSON.stringify(this.answers[cmd] ?? { status: '406' });
    const ok = { type: 'success' as const, status: 200, errcode: 0, errmsg: '' };
    return Promise.resolve({ ...ok, data });
  }
}

async function mount(module = new AnsweringModule()) {
  const clock = new VirtualClock(Date.UTC(2026, 10, 23, 12));
  const platform = { clock, random: new SeededRandom(1) };
  render(
    <IotVideoProvider config={{ module, platform, locale: 'en' }}>
      <IotPlayback device={door} timeZone="UTC" />
    </IotVideoProvider>,
  );
  await act(async () => {
    for (let i = 0; i < 200; i++) await Promise.resolve();
  });
}

const settle = () =>
  act(async () => {
    for (let i = 0; i < 100; i++) await Promise.resolve();
  });

describe('IotPlayback', () => {
  it('names its days, and which of them have recordings', async () => {
    await mount();
    expect(screen.getByRole('grid', { name: 'Calendar of recordings' })).toBeTruthy();
    expect(screen.getAllByRole('button', { name: /, with recordings$/ })).toHaveLength(2);
    const chosen = screen.getByRole('button', { name: '2026-11-22, with recordings' });
    expect(chosen.getAttribute('aria-pressed')).toBe('true');
  });

  it('has a slider that tells the time, and takes keys', async () => {
    await mount();
    const slider = screen.getByRole('slider', { name: 'Time of the day' });
    expect(slider.getAttribute('aria-valuetext')).toBe('01:00:00');
    fireEvent.keyDown(slider, { key: 'PageUp' });
    await settle();
    expect(slider.getAttribute('aria-valuetext')).toBe('01:10:00');
    fireEvent.keyDown(slider, { key: 'Home' });
    await settle();
    expect(slider.getAttribute('aria-valuetext')).toBe('01:00:00');
  });

  it('moves through the calendar by arrow keys', async () => {
    await mount();
    fireEvent.keyDown(screen.getByRole('grid'), { key: 'ArrowLeft' });
    await settle();
    const chosen = screen.getByRole('button', { name: '2026-11-21, with recordings' });
    expect(chosen.getAttribute('aria-pressed')).toBe('true');
  });

  it('says that nothing was recorded, and that a list cannot be read', async () => {
    const empty = new AnsweringModule();
    empty.answers['get_record_index'] = { video_list: [] };
    await mount(empty);
    expect(screen.getByRole('status').textContent).toBe('Nothing was recorded on this day');
    document.body.innerHTML = '';
    const broken = new AnsweringModule();
    broken.answers['get_record_index'] = { other: 1 };
    await mount(broken);
    expect(screen.getByRole('status').textContent).toContain('cannot be read');
  });
});
