import { act, fireEvent, render, screen } from '@testing-library/react';
import { IotTalk } from '@components/iot-talk';
import type { IotTalkProps } from '@components/iot-talk';
import { IotVideoProvider } from '@components/provider';
import { talkError } from '@services/talk';
import type { TalkSource } from '@services/talk';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule } from '../../standins/fake-p2p-module';

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };
const features = { codecs: ['pcm' as const], rates: [8_000], duplex: true };

const settle = () =>
  act(async () => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  });

class TalkModule extends FakeP2PModule {
  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const starting = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return starting;
  }
}

async function mount(props: Partial<IotTalkProps> = {}, source: Partial<TalkSource> = {}) {
  const clock = new VirtualClock();
  const module = new TalkModule();
  module.sendCommand = () =>
    Promise.resolve({ type: 'success', status: 200, data: '{}', errcode: 0, errmsg: '' });
  const talkSource: TalkSource = {
    authorise: () => Promise.resolve(),
    start: async (line) => {
      await line.write();
      line.onLevel(0.5);
    },
    stop: () => undefined,
    ...source,
  };
  const platform = { clock, random: new SeededRandom(1) };
  const view = render(
    <IotVideoProvider config={{ module, platform, locale: 'en' }}>
      <IotTalk device={device} features={features} source={talkSource} {...props} />
    </IotVideoProvider>,
  );
  await settle();
  return { module, clock, ...view };
}

const note = () => screen.getByRole('status').textContent;
const button = () => screen.getByRole('button');

describe('IotTalk', () => {
  it('talks as long as the button is held', async () => {
    const { module } = await mount();
    expect(button().getAttribute('aria-label')).toBe('Hold to talk');
    fireEvent.pointerDown(button(), { button: 0 });
    expect(note()).toMatch(/microphone/i);
    await settle();
    expect(note()).toBe('You are heard');
    fireEvent.pointerUp(button());
    await settle();
    expect(note()).toBe('Hold to talk');
    expect(module.calls.at(-1)).toBe('stopVoice door');
  });

  it('talks by key, and from one activation to the next by screen reader', async () => {
    await mount();
    fireEvent.keyDown(button(), { key: ' ' });
    await settle();
    expect(note()).toBe('You are heard');
    fireEvent.keyUp(button(), { key: ' ' });
    await settle();
    expect(note()).toBe('Hold to talk');
    fireEvent.click(button(), { detail: 0 });
    await settle();
    expect([note(), button().getAttribute('aria-pressed')]).toEqual(['You are heard', 'true']);
    fireEvent.click(button(), { detail: 0 });
    await settle();
    expect(note()).toBe('Hold to talk');
  });

  it('talks from tap to tap in that mode', async () => {
    await mount({ mode: 'tap' });
    fireEvent.pointerDown(button(), { button: 0 });
    fireEvent.pointerUp(button());
    await settle();
    expect([note(), button().getAttribute('aria-label')]).toEqual([
      'You are heard',
      'Stop talking',
    ]);
    fireEvent.pointerDown(button(), { button: 0 });
    fireEvent.pointerUp(button());
    await settle();
    expect(button().getAttribute('aria-label')).toBe('Talk');
  });

  it('says why it cannot talk and what to do about it', async () => {
    const onError = jest.fn();
    const authorise = () => Promise.reject(talkError('no-microphone', 'none'));
    await mount({ onError }, { authorise });
    fireEvent.pointerDown(button(), { button: 0 });
    await settle();
    expect(note()).toMatch(/no microphone was found.*plug one in/i);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('ends the talk when the page is hidden, and when it leaves', async () => {
    const stop = jest.fn();
    const { module, clock, rerender } = await mount({}, { stop });
    fireEvent.pointerDown(button(), { button: 0 });
    await settle();
    jest.spyOn(document, 'visibilityState', 'get').mockReturnValueOnce('hidden');
    fireEvent(document, new Event('visibilitychange'));
    await settle();
    expect(note()).toBe('Hold to talk');
    expect([stop.mock.calls.length, module.calls.at(-1)]).toEqual([1, 'stopVoice door']);
    fireEvent.pointerUp(button());
    fireEvent.pointerDown(button(), { button: 0 });
    await settle();
    expect(note()).toBe('You are heard');
    rerender(<></>);
    await settle();
    // The connection went first, so nothing tells that the last sound is out.
    clock.advance(1_500);
    expect([stop.mock.calls.length, module.services.size]).toEqual([2, 0]);
  });

  it('shows nothing for a camera that cannot be talked to', async () => {
    await mount({ features: null });
    expect(screen.queryByRole('group')).toBeNull();
  });
});
