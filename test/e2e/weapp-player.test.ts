import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { FlvReader, isVideoSequenceHeader } from '../../services/media/flv';
import { digestOf } from '../host/player-plugin';
import { Weapp } from '../host/weapp';
import { Demo } from './lib/demo';

let demo: Demo;
let weapp: Weapp;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'weapp-player-'));
  demo = await Demo.start();
  weapp = Weapp.watch(demo.xp2pInfo);
  await weapp.frames(10);
  await weapp.until('the buttons', () => icons('record').length === 1);
});

afterAll(async () => {
  weapp?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const icons = (name: string) => weapp.page.findByClass(`iot-icon--${name}`);

/** Taps the button with this drawing. */
async function press(icon: string): Promise<void> {
  await weapp.until(`the button ${icon}`, () => icons(icon).length > 0);
  weapp.page.tap(icons(icon)[0]!);
}

/** Digests of a file's pictures, in order. */
function picturesOf(flv: Uint8Array): string[] {
  const { tags, error } = new FlvReader().push(flv);
  expect(error).toBeNull();
  return tags
    .filter((tag) => tag.type === 'video' && !isVideoSequenceHeader(tag))
    .map(({ data }) => digestOf(data));
}

describe('the player that was built for WeChat', () => {
  it('records the pictures that are shown, from a keyframe on, into the album', async () => {
    const player = weapp.latestPlayer;
    await press('record');
    const since = player.frames;
    await weapp.frames(since + 40);
    await press('stop');
    await weapp.until('the album', () => weapp.wx.album.length === 1);
    await weapp.until('the words', () => weapp.page.text.includes('Recording saved'));
    const { bytes } = weapp.wx.album[0]!;

    const recorded = picturesOf(bytes);
    expect(recorded.length).toBeGreaterThanOrEqual(40);
    const first = player.digests.indexOf(recorded[0]!);
    expect(first).toBeGreaterThanOrEqual(0);
    // Each that was shown, none twice, none that was not.
    expect(recorded).toEqual(player.digests.slice(first, first + recorded.length));

    const file = path.join(folder, 'recording.flv');
    writeFileSync(file, bytes);
    const args = ['-v', 'error', '-of', 'json', '-show_frames', '-show_streams', file];
    const probe = spawnSync('ffprobe', args, { maxBuffer: 1 << 26 });
    expect(probe.stderr.toString()).toBe('');
    const { frames, streams } = JSON.parse(probe.stdout.toString()) as {
      readonly frames: readonly { readonly media_type: string; readonly pict_type?: string }[];
      readonly streams: readonly { readonly codec_name: string }[];
    };
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);
    const pictures = frames.filter(({ media_type }) => media_type === 'video');
    expect(pictures).toHaveLength(recorded.length);
    expect(pictures[0]).toMatchObject({ key_frame: 1, pict_type: 'I' });

    // What is in the album need not be on the phone twice.
    await weapp.until('an empty folder', () => weapp.wx.files.size === 0);
    expect(player.pulls).toBe(1);
    expect(player.problems).toEqual([]);
  });

  it('shows its buttons inside of the native full screen', async () => {
    const player = weapp.latestPlayer;
    await press('fullscreen');
    await weapp.until('the way back', () => icons('fullscreen-exit').length === 1);
    expect(player.holds('iot-icon--fullscreen-exit')).toBe(true);
    await press('fullscreen-exit');
    await weapp.until('the page again', () => icons('fullscreen').length === 1);
    expect(player.holds('iot-icon--fullscreen')).toBe(false);
    // The phone's back key.
    await press('fullscreen');
    await weapp.until('the way back', () => icons('fullscreen-exit').length === 1);
    player.full(false);
    await weapp.until('the page again', () => icons('fullscreen').length === 1);
    expect(player.pulls).toBe(1);
  });

  it('lays the picture on its side, and plays through the earpiece', async () => {
    const player = weapp.latestPlayer;
    await press('more');
    await press('rotate');
    await weapp.until('the turn', () => player.properties['orientation'] === 'horizontal');
    await press('more');
    await press('rotate');
    await weapp.until('upright', () => player.properties['orientation'] === 'vertical');

    await press('sound-off');
    await weapp.until('sound', () => player.properties['muted'] === false);
    await press('more');
    await press('ear');
    await weapp.until('the earpiece', () => player.properties['soundMode'] === 'ear');
    expect(weapp.app.errors).toEqual([]);
  });
});
