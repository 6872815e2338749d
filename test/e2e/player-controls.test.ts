import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Download, Page } from 'playwright-core';
import { launchBrowser, openPage, waitForFrames } from './lib/browser';
import { Demo } from './lib/demo';

const START_MS = 15_000;

let browser: Browser;
let demo: Demo;
let page: Page;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'player-controls-'));
  demo = await Demo.start();
  await demo.startPage();
  browser = await launchBrowser();
  const url = `${demo.liveUrl()}&name=${encodeURIComponent('Front door')}`;
  ({ page } = await openPage(browser, url, { viewport: { width: 1280, height: 800 } }));
  await waitForFrames(page, 5, START_MS);
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The buttons rest until somebody moves the mouse. */
async function press(name: string | RegExp): Promise<void> {
  await page.mouse.move(600, 300);
  await page.mouse.move(620, 320);
  await page.getByRole('button', { name, exact: typeof name === 'string' }).click();
}

async function save(download: Promise<Download>): Promise<{ name: string; file: string }> {
  const done = await download;
  const name = done.suggestedFilename();
  const file = path.join(folder, name);
  await done.saveAs(file);
  return { name, file };
}

/** How much each picture of a video is like a still one: PSNR in dB. */
function likeness(video: string, still: string): number[] {
  const filter = '[0:v]format=gray[a];[1:v]format=gray[b];[a][b]psnr=shortest=1:stats_file=-';
  const args = ['-v', 'error', '-i', video, '-loop', '1', '-i', still, '-lavfi', filter];
  const { stdout } = spawnSync('ffmpeg', [...args, '-f', 'null', '-'], { maxBuffer: 1 << 24 });
  return [...stdout.toString().matchAll(/psnr_avg:(inf|[\d.]+)/g)].map(([, value]) =>
    value === 'inf' ? 100 : Number(value),
  );
}

describe('the buttons of the live page', () => {
  it('save the picture in its own size, named after camera and time', async () => {
    const size = await page.evaluate(() => {
      const { videoWidth, videoHeight } = document.querySelector('video')!;
      return [videoWidth, videoHeight];
    });
    const download = page.waitForEvent('download');
    await press('Take a snapshot');
    const { name, file } = await save(download);
    expect(name).toMatch(/^Front door \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/);
    const png = readFileSync(file);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual(size);
    await page.getByText('Snapshot saved').waitFor();
  });

  it('record what is shown, as an MP4 that begins with a keyframe', async () => {
    await press('Record');
    await waitForFrames(page, 20, START_MS);
    const picture = page.waitForEvent('download');
    await press('Take a snapshot');
    const snapshot = await save(picture);
    await waitForFrames(page, 20, START_MS);
    const download = page.waitForEvent('download');
    await press('Stop recording');
    const { name, file } = await save(download);
    expect(name).toMatch(/^Front door .*\.mp4$/);
    const args = ['-v', 'error', '-of', 'json', '-show_frames', '-show_streams', file];
    const probe = spawnSync('ffprobe', args, { maxBuffer: 1 << 26 });
    expect(probe.stderr.toString()).toBe('');
    const { streams, frames: all } = JSON.parse(probe.stdout.toString()) as {
      readonly streams: readonly { readonly codec_name: string }[];
      readonly frames: readonly { readonly media_type: string; readonly pts_time: string }[];
    };
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(['h264', 'aac']);
    const frames = all.filter(({ media_type }) => media_type === 'video');
    expect(frames.length).toBeGreaterThanOrEqual(40);
    expect(frames[0]).toMatchObject({ key_frame: 1, pict_type: 'I' });
    const gaps = frames.slice(1).map(({ pts_time }, i) => +pts_time - +frames[i]!.pts_time);
    expect(Math.max(...gaps)).toBeLessThan(0.2);
    // What was on the screen meanwhile is one of its pictures, and no other is like it.
    const [best, next] = likeness(file, snapshot.file).sort((a, b) => b - a);
    // The browser makes colours of it in its own way.
    expect(best).toBeGreaterThan(20);
    expect(best! - next!).toBeGreaterThan(2);
  });

  it('enlarge the picture by wheel and keys, and show the whole of it again', async () => {
    const transform = () =>
      page.evaluate(() => document.querySelector<HTMLElement>('.iot-surface')!.style.transform);
    await page.mouse.move(640, 360);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -100);
    await page.keyboard.up('Control');
    await page.getByRole('button', { name: 'Show the whole picture' }).waitFor();
    expect(await transform()).toContain('scale(2)');
    await press('Show the whole picture');
    expect(await transform()).toBe('');
    await page.getByRole('group', { name: /zoom/i }).focus();
    await page.keyboard.press('+');
    await page.keyboard.press('ArrowLeft');
    expect(await transform()).toBe('translate(10%, 0%) scale(1.25)');
    await page.keyboard.press('0');
    expect(await transform()).toBe('');
  });

  it('fill the screen with everything that stands over the picture, and leave it', async () => {
    const inFull = () => page.evaluate(() => document.fullscreenElement?.getAttribute('role'));
    await press('Full screen');
    await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
    expect(await inFull()).toBe('region');
    await press(/Picture quality/);
    await page.getByRole('menuitemradio', { name: 'High' }).waitFor();
    await page.keyboard.press('Escape');
    await press('Leave full screen');
    await page.getByRole('button', { name: 'Full screen', exact: true }).waitFor();
    expect(await inFull()).toBeUndefined();
  });

  it('change the quality behind the last picture', async () => {
    const width = () => page.evaluate(() => document.querySelector('video')!.videoWidth);
    const before = await width();
    await press(/Picture quality: High/);
    await page.getByRole('menuitemradio', { name: 'Standard' }).click();
    await page.waitForFunction(
      (was) => {
        const now = document.querySelector('video')!.videoWidth;
        return now > 0 && now < was;
      },
      before,
      { timeout: START_MS },
    );
    await waitForFrames(page, 5, START_MS);
    expect(await page.getByRole('button', { name: 'Picture quality: Standard' }).count()).toBe(1);
  });
});
