import { act, fireEvent, render, screen } from '@testing-library/react';
import * as taro from '../../standins/taro-api';
import { IotVideoProvider } from '@components/provider';
import LivePage from '@/pages/live';
import { FakeP2PModule } from '../../standins/fake-p2p-module';
import { page } from '../../standins/taro-page';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const door = { id: 'P/door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const request = jest.fn();
const getCurrentPages = jest.fn((): unknown[] => []);
Object.assign(taro, { request, getCurrentPages });

async function mount(params: Record<string, string>) {
  page.router.params = params;
  const module = new FakeP2PModule();
  render(
    <IotVideoProvider config={{ module, locale: 'en' }}>
      <LivePage />
    </IotVideoProvider>,
  );
  await act(async () => {});
  return module;
}

beforeEach(() => {
  taro.clearStorageSync();
  request.mockReset();
  request.mockResolvedValue({ statusCode: 200, data: { devices: [door] } });
});

describe('the page of one camera', () => {
  it('watches a camera of the list', async () => {
    const module = await mount({ id: 'P%2Fdoor' });
    expect(screen.getByRole('heading', { name: 'Front door' })).toBeTruthy();
    expect(module.service('P/door').streamInfo.xp2pInfo).toBe('XP2Pdoor%2.4.0');
  });

  it('watches the camera that the link names by its xp2pInfo', async () => {
    const module = await mount({ xp2pInfo: 'XP2Pyard%252.4.0' });
    expect(module.service('XP2Pyard%2.4.0').streamInfo.xp2pInfo).toBe('XP2Pyard%2.4.0');
  });

  it('says that there is no such camera, and leads to the list', async () => {
    const module = await mount({ id: 'nope' });
    expect(module.services.size).toBe(0);
    expect(screen.getByText('There is no camera “nope”')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'To the list of cameras' }));
    expect(taro.redirectTo).toHaveBeenCalledWith({ url: '/pages/index/index' });
  });

  it('says that the list cannot be loaded', async () => {
    request.mockReset();
    request.mockRejectedValue(new Error('offline'));
    await mount({ id: 'P%2Fdoor' });
    expect(screen.getByText('The list of cameras cannot be loaded')).toBeTruthy();
  });

  it('goes one page back where there is one', async () => {
    getCurrentPages.mockReturnValue([{}, {}]);
    await mount({ id: 'P%2Fdoor' });
    fireEvent.click(screen.getByRole('button', { name: 'Back' }));
    expect(taro.navigateBack).toHaveBeenCalledTimes(1);
  });
});
