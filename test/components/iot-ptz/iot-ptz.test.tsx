import { act, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { freePreset, keysDirection } from '@components/iot-ptz/ptz-core';
import { IotPtz } from '@components/iot-ptz';
import type { IotPtzProps } from '@components/iot-ptz';
import { IotVideoProvider } from '@components/provider';
import { dragDirection, PTZ_DIRECTIONS } from '@services/ptz';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { SimulatedCamera } from '../../services/ptz/simulated-camera';

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const features = {
  directions: PTZ_DIRECTIONS,
  maxPresets: 4,
  home: true,
  speed: true,
  safetyMs: 10_000,
};

async function mount(props: Partial<IotPtzProps> = {}) {
  const clock = new VirtualClock();
  const camera = new SimulatedCamera(clock);
  const config = {
    module: camera,
    platform: { clock, random: new SeededRandom(1) },
    locale: 'en' as const,
  };
  const tree = (content: ReactNode) => (
    <StrictMode>
      <IotVideoProvider config={config}>{content}</IotVideoProvider>
    </StrictMode>
  );
  const view = render(tree(<IotPtz device={device} features={features} {...props} />));
  const leave = () => view.rerender(tree(null));
  const pass = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 10) {
      await act(async () => {
        clock.advance(10);
        for (let i = 0; i < 12; i++) await Promise.resolve();
      });
    }
  };
  await pass(200);
  camera.wire.length = 0;
  return { camera, pass, leave };
}

const button = (name: string) => screen.getByRole('button', { name });
const pad = () => screen.getByRole('group', { name: /direction/i });

describe('IotPtz', () => {
  it('offers the directions that the camera has, by name', async () => {
    await mount({
      features: { ...features, directions: ['up', 'down'], home: false, maxPresets: 0 },
    });
    expect(screen.getAllByRole('button').map((one) => one.getAttribute('aria-label'))).toEqual([
      'Up',
      'Down',
    ]);
  });

  it('presses and releases by key', async () => {
    const { camera, pass } = await mount();
    fireEvent.keyDown(button('Left'), { key: 'Enter' });
    await pass(100);
    expect(camera.ptz.moving).toBe(true);
    expect(button('Left').getAttribute('aria-pressed')).toBe('true');
    fireEvent.keyUp(button('Left'), { key: 'Enter' });
    await pass(600);
    expect(camera.wire).toEqual(['left', 'release']);
    expect(camera.ptz.moving).toBe(false);
  });

  it('goes a short way for a screen reader, which has no finger to lift', async () => {
    const { camera, pass } = await mount();
    fireEvent.click(button('Closer'), { detail: 0 });
    await pass(700);
    expect(camera.wire).toEqual(['zoom_in', 'release']);
  });

  it('steers by arrow keys, two of them diagonally', async () => {
    const { camera, pass } = await mount();
    fireEvent.keyDown(pad(), { key: 'ArrowUp' });
    await pass(100);
    fireEvent.keyDown(pad(), { key: 'ArrowLeft' });
    await pass(100);
    fireEvent.keyUp(pad(), { key: 'ArrowUp' });
    await pass(100);
    fireEvent.keyUp(pad(), { key: 'ArrowLeft' });
    await pass(700);
    expect(camera.wire).toEqual(['up', 'up_left', 'left', 'release']);
  });

  it.each([
    ['is blurred', () => fireEvent.blur(button('Left'))],
    ['loses its window', () => fireEvent.blur(window)],
    [
      'is hidden',
      () => {
        jest.spyOn(document, 'visibilityState', 'get').mockReturnValueOnce('hidden');
        fireEvent(document, new Event('visibilitychange'));
      },
    ],
  ])('lets the camera stop at once when it %s', async (_how, leave) => {
    const { camera, pass } = await mount();
    fireEvent.keyDown(button('Left'), { key: 'Enter' });
    await pass(100);
    leave();
    await pass(50);
    expect(camera.ptz.moving).toBe(false);
  });

  it('lets the camera stop when it leaves the page', async () => {
    const { camera, pass, leave } = await mount();
    fireEvent.keyDown(button('Left'), { key: 'Enter' });
    await pass(100);
    leave();
    await pass(50);
    expect(camera.wire).toEqual(['left', 'release']);
    expect(camera.ptz.moving).toBe(false);
  });

  it('says when the camera can go no further', async () => {
    const { pass } = await mount();
    fireEvent.keyDown(button('Up'), { key: 'Enter' });
    await pass(2_500);
    fireEvent.keyUp(button('Up'), { key: 'Enter' });
    await pass(700);
    expect(screen.getByRole('status').textContent).toMatch(/no further/);
  });

  it('keeps, names and deletes positions', async () => {
    const { camera, pass } = await mount();
    fireEvent.click(screen.getByText('Keep this position'));
    await pass(200);
    fireEvent.click(screen.getByText('Position 1'));
    await pass(200);
    fireEvent.click(screen.getByText('Edit'));
    fireEvent.click(button('Delete Position 1'));
    await pass(200);
    expect(screen.queryByText('Position 1')).toBeNull();
    expect(camera.wire).toEqual([
      'preset_set',
      'preset_list',
      'preset_go',
      'preset_delete',
      'preset_list',
    ]);
  });

  it('shows nothing for a camera that cannot be steered, or moves the picture', async () => {
    await mount({ features: null });
    expect(screen.queryByRole('group')).toBeNull();
    const onDigital = jest.fn();
    await mount({ features: null, onDigital });
    fireEvent.keyDown(button('Closer'), { key: 'Enter' });
    fireEvent.keyUp(button('Closer'), { key: 'Enter' });
    expect(onDigital.mock.calls).toEqual([[{ x: 0, y: 0, zoom: 1 }], [null]]);
  });
});

describe('keysDirection', () => {
  it('takes the last key where the camera has no diagonal, and nothing for opposites', () => {
    const four = ['up', 'down', 'left', 'right'];
    expect(keysDirection(['ArrowUp', 'ArrowLeft'], four)).toBe('left');
    expect(keysDirection(['ArrowUp', 'ArrowLeft'], PTZ_DIRECTIONS)).toBe('up_left');
    expect(keysDirection(['ArrowUp', 'ArrowDown'], four)).toBe('down');
    expect(keysDirection(['+'], four)).toBeNull();
    expect(keysDirection([], four)).toBeNull();
  });
});

describe('dragDirection', () => {
  it('tells direction and speed, and takes the nearest direction that there is', () => {
    expect(dragDirection(0.1, 0.1, PTZ_DIRECTIONS)).toBeNull();
    expect(dragDirection(0, -1, PTZ_DIRECTIONS)).toEqual({ direction: 'up', speed: 10 });
    expect(dragDirection(0.3, 0, PTZ_DIRECTIONS)).toEqual({ direction: 'right', speed: 3 });
    expect(dragDirection(-0.5, 0.5, PTZ_DIRECTIONS)?.direction).toBe('down_left');
    expect(dragDirection(-0.5, 0.4, ['left', 'right'])?.direction).toBe('left');
    expect(dragDirection(0, 1, ['left', 'right'])).toBeNull();
    expect(dragDirection(NaN, 1, PTZ_DIRECTIONS)).toBeNull();
  });
});

describe('freePreset', () => {
  it('finds the lowest number, while there is one', () => {
    expect(freePreset([1, 3], 3)).toBe(2);
    expect(freePreset([1, 2], 2)).toBeNull();
  });
});
