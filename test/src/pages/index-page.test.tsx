import { act, fireEvent, render, screen } from '@testing-library/react';
import * as taro from '../../standins/taro-api';
import { IotVideoProvider } from '@components/provider';
import { encodeXp2pInfo } from '@services/p2p/module';
import IndexPage from '@/pages/index';
import { FakeP2PModule } from '../../standins/fake-p2p-module';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const xp2pInfo = encodeXp2pInfo({
  publicKey: new Uint8Array(32).fill(7),
  accessSecret: new Uint8Array(16).fill(9),
  relayUrl: 'wss://relay.example/relay',
  sdkVersion: '2.4.0',
  flags: '',
});
const door = { id: 'P/door', name: 'Front door', productId: 'P', deviceName: 'door', xp2pInfo };

const request = jest.fn();
Object.assign(taro, { request });

async function mount() {
  const view = render(
    <IotVideoProvider config={{ module: new FakeP2PModule(), locale: 'en' }}>
      <IndexPage />
    </IotVideoProvider>,
  );
  await act(async () => {});
  return view;
}

const answer = (devices: unknown, statusCode = 200) =>
  request.mockResolvedValueOnce({ statusCode, data: { devices } });

beforeEach(() => {
  taro.clearStorageSync();
  request.mockReset();
});

describe('the page of cameras', () => {
  it('lists the demo server’s cameras and opens one', async () => {
    answer([door]);
    await mount();
    expect(request).toHaveBeenCalledWith({ url: './demo/devices.json' });
    fireEvent.click(screen.getByRole('button', { name: 'Watch Front door' }));
    expect(taro.navigateTo).toHaveBeenCalledWith({ url: '/pages/live/index?id=P%2Fdoor' });
  });

  it('says that it loads', async () => {
    request.mockReturnValueOnce(new Promise(() => {}));
    await mount();
    expect(screen.getByText('Loading the cameras…')).toBeTruthy();
  });

  it('shows what it knows while it loads again', async () => {
    answer([door]);
    const module = new FakeP2PModule();
    const pages = (shown: boolean) => (
      <IotVideoProvider config={{ module, locale: 'en' }}>
        {shown && <IndexPage />}
      </IotVideoProvider>
    );
    const { rerender } = render(pages(true));
    await act(async () => {});
    rerender(pages(false));
    request.mockReturnValueOnce(new Promise(() => {}));
    rerender(pages(true));
    expect(screen.getByRole('button', { name: 'Watch Front door' })).toBeTruthy();
  });

  it('says that there is none', async () => {
    answer([]);
    await mount();
    expect(screen.getByText('No cameras yet')).toBeTruthy();
  });

  it.each([
    ['the server cannot be reached', () => request.mockRejectedValueOnce(new Error('offline'))],
    ['the server answers nonsense', () => answer('none')],
    ['the server refuses', () => answer([], 502)],
  ])('offers to try again when %s', async (_why, prepare) => {
    prepare();
    await mount();
    expect(screen.getByText('The list of cameras cannot be loaded')).toBeTruthy();
    answer([door]);
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await act(async () => {});
    expect(screen.getByRole('button', { name: 'Watch Front door' })).toBeTruthy();
  });

  it('adds a camera by its xp2pInfo, keeps it, and removes it', async () => {
    answer([]);
    const { unmount } = await mount();
    fireEvent.click(screen.getByRole('button', { name: 'Add a camera' }));
    fireEvent.change(screen.getByLabelText('Name'), { target: { value: ' Back yard ' } });
    const pasted = `${xp2pInfo.slice(0, 20)}\n ${xp2pInfo.slice(20)}\n`;
    fireEvent.change(screen.getByLabelText('xp2pInfo'), { target: { value: pasted } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(screen.getByRole('button', { name: 'Watch Back yard' })).toBeTruthy();
    unmount();

    answer([]);
    await mount();
    fireEvent.click(screen.getByRole('button', { name: 'Watch Back yard' }));
    expect(taro.navigateTo).toHaveBeenCalledWith({ url: '/pages/live/index?id=added-1' });
    fireEvent.click(screen.getByRole('button', { name: 'Remove Back yard' }));
    expect(screen.queryByRole('button', { name: 'Watch Back yard' })).toBeNull();
  });

  it('renames a camera that is added twice', async () => {
    answer([]);
    await mount();
    for (const name of ['Yard', 'Garden']) {
      fireEvent.click(screen.getByRole('button', { name: 'Add a camera' }));
      fireEvent.change(screen.getByLabelText('Name'), { target: { value: name } });
      fireEvent.change(screen.getByLabelText('xp2pInfo'), { target: { value: xp2pInfo } });
      fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    }
    expect(screen.queryByRole('button', { name: 'Watch Yard' })).toBeNull();
    expect(screen.getByRole('button', { name: 'Watch Garden' })).toBeTruthy();
  });

  it('says what is wrong with an xp2pInfo', async () => {
    answer([]);
    await mount();
    fireEvent.click(screen.getByRole('button', { name: 'Add a camera' }));
    const field = screen.getByLabelText('xp2pInfo');
    fireEvent.change(field, { target: { value: 'XP2Pabc' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(screen.getByRole('alert').textContent).toBe(
      'The camera’s xp2pInfo is not valid. Copy it again from the camera, complete and unchanged.',
    );
    expect(field.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(field, { target: { value: 'XP2Pabcd' } });
    expect(screen.queryByRole('alert')).toBeNull();
    fireEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    expect(screen.queryByLabelText('xp2pInfo')).toBeNull();
  });
});
