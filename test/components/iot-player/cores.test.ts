import { liveBadgeState, muteButtonState, retryButtonState } from '@components/iot-player';
import type { PlayerStatus, PlayerStatusKind } from '@services/player';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const status = (kind: PlayerStatusKind, hasPicture = true): PlayerStatus => ({
  kind,
  text: 'status.playing',
  error: null,
  failures: 0,
  nextTryAtMs: null,
  hasPicture,
});

describe('muteButtonState', () => {
  it('says what pressing the button does', () => {
    expect(muteButtonState({ muted: true, status: status('playing') })).toEqual({
      availability: 'available',
      muted: true,
      label: 'control.unmute',
    });
    expect(muteButtonState({ muted: false, status: status('playing') }).label).toBe('control.mute');
  });

  it('is unavailable where there is no picture to hear', () => {
    const of = (kind: PlayerStatusKind, hasPicture?: boolean) =>
      muteButtonState({ muted: true, status: status(kind, hasPicture) }).availability;
    expect(of('loading', false)).toBe('unavailable');
    expect(of('loading')).toBe('available');
    expect(of('waiting')).toBe('available');
    expect(of('error')).toBe('unavailable');
    expect(of('stopped')).toBe('unavailable');
  });
});

describe('retryButtonState', () => {
  it.each([
    ['stopped', 'available', 'play', 'control.play'],
    ['blocked', 'available', 'play', 'control.play'],
    ['loading', 'unavailable', 'retry', 'control.retry'],
    ['playing', 'available', 'retry', 'control.refresh'],
    ['waiting', 'available', 'retry', 'control.refresh'],
    ['reconnecting', 'available', 'retry', 'control.retry'],
    ['error', 'available', 'retry', 'control.retry'],
  ] as const)('is %s: %s, to %s', (kind, availability, act, label) => {
    expect(retryButtonState({ status: status(kind) })).toEqual({ availability, act, label });
  });
});

describe('liveBadgeState', () => {
  it('is shown only while the picture is what happens now', () => {
    expect(liveBadgeState({ playing: true }).availability).toBe('available');
    expect(liveBadgeState({ playing: false }).availability).toBe('unavailable');
  });
});
