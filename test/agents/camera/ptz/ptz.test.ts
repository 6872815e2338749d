import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPresetFile, parsePresets } from '../../../../agents/camera/ptz/preset-file';
import { Ptz } from '../../../../agents/camera/ptz/ptz';
import { parsePtzCommand } from '../../../../agents/camera/ptz/ptz-command';
import {
  parsePtzAxes,
  ptzCapabilitiesOf,
  ptzConfigOf,
} from '../../../../agents/camera/ptz/ptz-config';
import { ManualClock } from '../../manual-clock';

const CONFIG = ptzConfigOf(['pan', 'tilt', 'zoom']);

describe('Ptz', () => {
  let clock: ManualClock;
  let ptz: Ptz;
  let directory: string;
  let warnings: string[];
  const file = (): string => join(directory, 'camera', 'ptz-0.json');
  const open = (): Ptz => {
    const presets = openPresetFile(file(), (message) => warnings.push(message));
    return new Ptz({ config: CONFIG, clock, presets, log: { debug: () => undefined } });
  };
  const send = (name: string, fields: object = {}): unknown =>
    ptz.command(parsePtzCommand(name, { ...fields }), 'viewer');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'ptz-'));
    warnings = [];
    clock = new ManualClock();
    ptz = open();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('turns while it is pressed', () => {
    expect(send('ptz_right_press')).toEqual({
      ...{ status: '0', apex: 'no', pan: 0, tilt: 0, zoom: 1, moving: 'yes' },
    });
    clock.advance(1_000);
    expect(send('ptz_release_pre')).toMatchObject({ pan: 30, moving: 'no' });
    clock.advance(5_000);
    expect(send('get_ptz_position')).toMatchObject({ pan: 30, moving: 'no' });
  });

  it('turns at the speed it is given, and stops at its limit by itself', () => {
    send('ptz_left_press', { speed: 10 });
    clock.advance(1_000);
    expect(ptz.position.pan).toBeCloseTo(-60);
    clock.advance(60_000);
    expect([ptz.position.pan, ptz.moving, clock.pendingTimers]).toEqual([-170, false, 0]);
    expect(send('ptz_left_press')).toMatchObject({ status: '0', apex: 'yes', moving: 'no' });
  });

  it('keeps presets beyond a restart', () => {
    send('ptz_zoom_in_press');
    clock.advance(1_000);
    send('ptz_release');
    send('ptz_preset_set', { preset: '2', name: 'gate' });
    ptz = open();
    expect(send('ptz_preset_list')).toEqual({
      status: '0',
      preset_list: [{ preset: 2, name: 'gate', pan: 0, tilt: 0, zoom: 1.75 }],
    });
    send('ptz_preset_go', { preset: 2 });
    clock.advance(5_000);
    expect(ptz.position.zoom).toBe(1.75);
    expect(send('ptz_preset_delete', { preset: 2 })).toMatchObject({ status: '0' });
    expect(send('ptz_preset_go', { preset: 2 })).toEqual({ status: '404', apex: 'no' });
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual([]);
  });

  it('says so when its presets are damaged, and works without', () => {
    send('ptz_preset_set', { preset: 1 });
    writeFileSync(file(), '[{"id":1}]');
    ptz = open();
    expect(send('ptz_preset_list')).toMatchObject({ preset_list: [] });
    expect(warnings).toEqual([expect.stringContaining('damaged')]);
  });

  it('stops its timer when it closes', () => {
    send('ptz_up_press');
    expect(clock.pendingTimers).toBe(1);
    ptz.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('parsePtzCommand', () => {
  it.each([
    ['ptz_up_press', { pan: 0, tilt: 1, zoom: 0 }],
    ['ptz_left_down_press', { pan: -1, tilt: -1, zoom: 0 }],
    ['ptz_down_right_press', { pan: 1, tilt: -1, zoom: 0 }],
    ['ptz_zoom_out_press', { pan: 0, tilt: 0, zoom: -1 }],
  ])('drives for %s', (name, vector) => {
    expect(parsePtzCommand(name, {})).toEqual({ kind: 'press', vector, speed: 0.5 });
  });

  it.each([
    ['ptz_top', { pan: 0, tilt: 1, zoom: 0 }],
    ['ptz_bottom', { pan: 0, tilt: -1, zoom: 0 }],
    ['ptz_left', { pan: -1, tilt: 0, zoom: 0 }],
  ])('goes a step for %s', (name, vector) => {
    expect(parsePtzCommand(name, {})).toEqual({ kind: 'step', vector });
  });

  it.each([
    ['ptz_sideways', {}, 404, 'ptz_sideways'],
    ['ptz_constructor', {}, 404, 'ptz_constructor'],
    ['ptz_up_press', { speed: 0 }, 400, 'speed'],
    ['ptz_up_press', { speed: 'fast' }, 400, 'speed'],
    ['ptz_up_press', { speed: 1.5 }, 400, 'speed'],
    ['ptz_preset_go', {}, 400, 'preset'],
    ['ptz_preset_set', { preset: '-1' }, 400, 'preset'],
    ['ptz_preset_set', { preset: 1, name: 'x'.repeat(65) }, 400, 'name'],
    ['ptz_preset_set', { preset: 1, name: 7 }, 400, 'name'],
  ])('refuses %s with %j', (name, fields, status, field) => {
    expect(() => parsePtzCommand(name, fields)).toThrow(
      expect.objectContaining({ status, message: expect.stringContaining(field) as string }),
    );
  });
});

describe('parsePtzAxes', () => {
  it('takes some, none, or says what there is', () => {
    expect(parsePtzAxes('zoom, pan')).toEqual(['pan', 'zoom']);
    expect(parsePtzAxes('none')).toEqual([]);
    expect(() => parsePtzAxes('roll')).toThrow('there is no axis "roll"');
  });
});

describe('ptzCapabilitiesOf', () => {
  it('offers only directions that the camera has', () => {
    const { directions, zoom, range } = ptzCapabilitiesOf(ptzConfigOf(['pan']));
    expect([directions, zoom, range]).toEqual([['left', 'right'], false, { pan: [-170, 170] }]);
    expect(ptzCapabilitiesOf(CONFIG).directions).toHaveLength(10);
  });
});

describe('parsePresets', () => {
  const preset = { id: 1, name: 'a', position: { pan: 999, tilt: 0, zoom: 1 } };

  it('brings positions within the limits, and leaves repeats out', () => {
    const text = JSON.stringify([preset, preset]);
    expect(parsePresets(text, CONFIG)).toEqual([
      { id: 1, name: 'a', position: { pan: 170, tilt: 0, zoom: 1 } },
    ]);
  });

  it.each(['', '{}', '[null]', '[{"id":0,"name":"","position":{}}]', '[{"id":1,"name":"a"}]'])(
    'takes %s for damaged',
    (text) => {
      expect(parsePresets(text, CONFIG)).toBeNull();
    },
  );
});
