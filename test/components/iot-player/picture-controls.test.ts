import {
  clockText,
  fitButtonState,
  fullscreenButtonState,
  playerKey,
  qualityMenuState,
  recordButtonState,
  rotateButtonState,
  snapshotButtonState,
  soundModeState,
  volumeState,
} from '@components/iot-player';
import { nextMenuItem } from '@components/iot-player/menu-core';
import { qualitiesOf } from '@components/iot-player/use-qualities';
import { ALL_ROTATIONS, NO_ZOOM, UPRIGHT } from '@components/player-view';
import type { PictureControl } from '@components/player-view';
import type { PlayerStatus, PlayerStatusKind } from '@services/player';
import { StreamTap } from '@services/recorder';
import { iotError } from '../../standins/fake-p2p-module';

jest.mock('@components/player-surface', () => jest.requireActual('../../standins/fake-surface'));

const store = (kind: PlayerStatusKind, hasPicture = true, error: PlayerStatus['error'] = null) =>
  ({
    status: { kind, text: 'status.playing', error, failures: 0, nextTryAtMs: null, hasPicture },
  }) as const;

const ABLE: PictureControl = {
  hasVolume: true,
  canFill: true,
  rotations: ALL_ROTATIONS,
  hasSoundMode: false,
  setZoom: () => undefined,
  snapshot: () => Promise.reject(new Error('not called')),
  pictureInPicture: null,
  fullscreen: null,
  tap: new StreamTap(),
};
const FILES = {
  createRecording: () => ({ openFile: jest.fn(), save: jest.fn(), discard: jest.fn() }),
};

describe('rotateButtonState', () => {
  it('is of use where the host can turn the picture', () => {
    const upright = { ...ABLE, rotations: UPRIGHT };
    expect(rotateButtonState(ABLE, store('playing')).availability).toBe('available');
    expect(rotateButtonState(upright, store('playing')).availability).toBe('unsupported');
    expect(rotateButtonState(null, store('playing')).availability).toBe('unavailable');
  });
});

describe('soundModeState', () => {
  const EARED = { ...ABLE, hasSoundMode: true };
  const heard = { ...store('playing'), muted: false };

  it('needs a phone with an earpiece, and sound to hear', () => {
    const view = { soundMode: 'speaker' } as const;
    expect(soundModeState(ABLE, heard, view).availability).toBe('unsupported');
    expect(soundModeState(EARED, heard, view)).toEqual({
      availability: 'available',
      label: 'control.ear',
    });
    expect(soundModeState(EARED, { ...heard, muted: true }, view).availability).toBe('unavailable');
    expect(soundModeState(EARED, heard, { soundMode: 'ear' }).label).toBe('control.speaker');
  });
});

describe('snapshotButtonState', () => {
  it('needs a host that can, and a picture', () => {
    const of = (picture: PictureControl | null, kind: PlayerStatusKind, hasPicture?: boolean) =>
      snapshotButtonState(picture, store(kind, hasPicture)).availability;
    expect(of(ABLE, 'playing')).toBe('available');
    expect(of(ABLE, 'loading', false)).toBe('unavailable');
    expect(of(ABLE, 'error')).toBe('unavailable');
    expect(of(null, 'playing')).toBe('unavailable');
    expect(of({ ...ABLE, snapshot: null }, 'playing')).toBe('unsupported');
  });
});

describe('recordButtonState', () => {
  const idle = { kind: 'idle' } as const;
  const recording = { kind: 'recording', seconds: 1, bytes: 1 } as const;

  it('begins where the picture moves, and can be ended in every state', () => {
    const of = (kind: PlayerStatusKind, now: typeof idle | typeof recording = idle) =>
      recordButtonState(ABLE, store(kind), FILES, now);
    expect(of('playing')).toEqual({ availability: 'available', label: 'control.record' });
    expect(of('error').availability).toBe('unavailable');
    expect(of('error', recording)).toEqual({
      availability: 'available',
      label: 'control.stop-recording',
    });
  });

  it('is unsupported where there is no stream to be had, or no place for files', () => {
    const without = { ...ABLE, tap: null };
    expect(recordButtonState(without, store('playing'), FILES, idle).availability).toBe(
      'unsupported',
    );
    const noFiles = { createRecording: null };
    expect(recordButtonState(ABLE, store('playing'), noFiles, idle).availability).toBe(
      'unsupported',
    );
  });
});

describe('qualityMenuState', () => {
  it('offers a choice where there is one, also where the camera refuses the present one', () => {
    const of = (at: ReturnType<typeof store>, count = 3) =>
      qualityMenuState(at, 'high', (['standard', 'high', 'super'] as const).slice(0, count))
        .availability;
    expect(of(store('playing'))).toBe('available');
    expect(of(store('playing'), 1)).toBe('unsupported');
    expect(of(store('error'))).toBe('unavailable');
    expect(of(store('error', false, iotError('request-rejected')))).toBe('available');
  });
});

describe('qualitiesOf', () => {
  it('reads what the camera tells, in the order of the menu', () => {
    expect(qualitiesOf({ qualities: ['high', 'standard', 'ultra', 7] })).toEqual([
      'standard',
      'high',
    ]);
    expect(qualitiesOf({})).toBeNull();
    expect(qualitiesOf(null)).toBeNull();
  });
});

describe('volumeState', () => {
  it('tells what is heard', () => {
    const of = (muted: boolean, hasVolume = true) =>
      volumeState({ muted, volume: 0.4, ...store('playing') }, { hasVolume });
    expect(of(false)).toEqual({ availability: 'available', percent: 40 });
    expect(of(true).percent).toBe(0);
    expect(of(false, false).availability).toBe('unsupported');
  });
});

describe('fitButtonState and fullscreenButtonState', () => {
  it('say what pressing does', () => {
    expect(fitButtonState(ABLE, store('playing'), { fit: 'contain' }).label).toBe('control.fill');
    expect(fitButtonState(ABLE, store('playing'), { fit: 'cover' }).label).toBe('control.fit');
    expect(fullscreenButtonState(store('playing'), 'off').label).toBe('control.fullscreen');
    expect(fullscreenButtonState(store('error'), 'page')).toEqual({
      availability: 'available',
      label: 'control.leave-fullscreen',
    });
  });
});

describe('playerKey', () => {
  it('zooms, moves what is zoomed, and leaves the rest to the page', () => {
    expect(playerKey('+', NO_ZOOM, false)).toMatchObject({ zoom: { scale: 1.25 } });
    expect(playerKey('ArrowLeft', NO_ZOOM, false)).toBeNull();
    expect(playerKey('ArrowUp', NO_ZOOM, false)).toEqual({ type: 'volume', by: 0.1 });
    expect(playerKey('ArrowLeft', { scale: 2, x: 0, y: 0 }, false)).toEqual({
      type: 'zoom',
      zoom: { scale: 2, x: 0.1, y: 0 },
    });
    expect(playerKey('Escape', NO_ZOOM, false)).toBeNull();
    expect(playerKey('Escape', NO_ZOOM, true)).toEqual({ type: 'leave-page' });
    expect(playerKey('Tab', NO_ZOOM, true)).toBeNull();
  });
});

describe('nextMenuItem', () => {
  it('goes round, and to both ends', () => {
    expect(nextMenuItem('ArrowDown', 2, 3)).toBe(0);
    expect(nextMenuItem('ArrowUp', 0, 3)).toBe(2);
    expect(nextMenuItem('ArrowUp', -1, 3)).toBe(2);
    expect(nextMenuItem('End', 0, 3)).toBe(2);
    expect(nextMenuItem('a', 0, 3)).toBeNull();
    expect(nextMenuItem('Home', 0, 0)).toBeNull();
  });
});

describe('clockText', () => {
  it.each([
    [0, '0:00'],
    [65, '1:05'],
    [3_725, '1:02:05'],
  ])('writes %i s as %s', (seconds, text) => {
    expect(clockText(seconds)).toBe(text);
  });
});
