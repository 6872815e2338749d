import { act, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode } from 'react';
import { IotCall } from '@components/iot-call';
import type { IotCallProps } from '@components/iot-call';
import { formatDuration } from '@components/iot-call/call-core';
import { IotVideoProvider } from '@components/provider';
import type { TalkSource } from '@services/talk';
import { talkError } from '@services/talk';
import { SeededRandom } from '../../net/seeded-random';
import { VirtualClock } from '../../net/virtual-clock';
import { Doorbell, DoorbellModule } from '../../services/call/simulated-doorbell';

const device = { id: 'door', name: 'Front door', xp2pInfo: 'XP2Pdoor%2.4.0' };

const source: { current: TalkSource } = { current: null as never };
jest.mock('@components/iot-talk', () => ({
  ...jest.requireActual<object>('@components/iot-talk'),
  createMicrophoneSource: () => source.current,
}));

async function mount(props: Partial<IotCallProps> = {}, authorise = () => Promise.resolve()) {
  const clock = new VirtualClock();
  const doorbell = new Doorbell(clock);
  const module = new DoorbellModule(clock, doorbell);
  let microphone = false;
  source.current = {
    authorise: async () => {
      await authorise();
      microphone = true;
    },
    start: async (line) => {
      await line.record({} as never, {});
      line.onLevel(0.5);
    },
    stop: () => (microphone = false),
  };
  const config = {
    module,
    platform: { clock, random: new SeededRandom(1) },
    locale: 'en' as const,
  };
  const view = render(
    <StrictMode>
      <IotVideoProvider config={config}>
        <IotCall device={device} features={{ video: false }} rings={false} {...props} />
      </IotVideoProvider>
    </StrictMode>,
  );
  const pass = (ms: number) =>
    act(async () => {
      for (let at = 0; at < ms; at += 20) {
        clock.advance(20);
        for (let i = 0; i < 20; i++) await Promise.resolve();
      }
    });
  await pass(100);
  return { doorbell, module, pass, view, hasMicrophone: () => microphone };
}

const names = () => screen.queryAllByRole('button').map((one) => one.getAttribute('aria-label'));
const press = (name: string) => fireEvent.click(screen.getByRole('button', { name }));
const status = () => screen.getByRole('status').textContent;

describe('IotCall', () => {
  it('calls, is answered, mutes and hangs up, by names that a screen reader tells', async () => {
    const { doorbell, pass, hasMicrophone } = await mount();
    expect(screen.getByRole('group', { name: 'Call the camera' })).toBeTruthy();
    expect(names()).toEqual(['Call']);
    press('Call');
    await pass(100);
    expect([names(), status()]).toEqual([['Cancel'], 'It rings at the camera…']);
    await act(async () => doorbell.call.act('answer'));
    await pass(200);
    expect([names(), status()]).toEqual([['Mute', 'Hang up'], 'You hear each other']);
    press('Mute');
    expect([names(), status()]).toEqual([['Unmute', 'Hang up'], 'You are not heard']);
    expect(hasMicrophone()).toBe(true);
    press('Hang up');
    await pass(2_000);
    expect([names(), status(), hasMicrophone()]).toEqual([['Call'], 'The call has ended', false]);
    expect(doorbell.call.holder).toBeNull();
  });

  it('alerts when the camera calls, and lets one reject or answer', async () => {
    const { doorbell, pass } = await mount();
    await act(async () => doorbell.call.act('ring'));
    await pass(100);
    expect(screen.getByRole('alert').textContent).toBe('The camera is calling');
    expect(names()).toEqual(['Reject', 'Answer']);
    press('Reject');
    await pass(100);
    expect(doorbell.call.isTalking).toBe(false);
    await act(async () => doorbell.call.act('ring'));
    await pass(100);
    press('Answer');
    await pass(200);
    expect(doorbell.call.isTalking).toBe(true);
    await act(async () => doorbell.call.act('hang-up'));
    await pass(200);
    expect(status()).toBe('Hung up at the camera');
  });

  it('says what to do without a microphone', async () => {
    const denied = () => Promise.reject(talkError('recorder-failed', 'denied'));
    const onError = jest.fn();
    const { pass } = await mount({ onError }, denied);
    press('Call');
    await pass(100);
    expect(status()).toMatch(/microphone/i);
    expect(onError).toHaveBeenCalledTimes(1);
  });

  it('says that only sound can be sent where the camera would take a picture', async () => {
    await mount({ features: { video: true } });
    // This test's browser has no encoders, as jsdom has none.
    expect(await screen.findByText(/sound only/)).toBeTruthy();
    expect(names()).toEqual(['Call']);
  });

  it('is not there for a camera that cannot be called, and hangs up when it leaves', async () => {
    const { view } = await mount({ features: null });
    expect(view.container.textContent).toBe('');
    view.unmount();

    const { doorbell, pass, view: other, hasMicrophone } = await mount();
    press('Call');
    await pass(100);
    await act(async () => doorbell.call.act('answer'));
    await pass(200);
    other.unmount();
    await pass(2_000);
    expect([doorbell.call.holder, hasMicrophone()]).toEqual([null, false]);
  });

  it('counts the time', () => {
    expect([7_000, 754_000, 3_723_000, -5].map(formatDuration)).toEqual([
      '0:07',
      '12:34',
      '1:02:03',
      '0:00',
    ]);
  });
});
