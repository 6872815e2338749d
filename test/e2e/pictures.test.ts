import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, visibleText, waitForText } from './lib/browser';
import { Demo } from './lib/demo';
import { describeWithFfmpeg } from '../lib/ffmpeg';

const START_MS = 20_000;
const JPEG_START = [0xff, 0xd8, 0xff];

describeWithFfmpeg('a camera that sends sound and pictures apart', () => {
  let browser: Browser;
  let demo: Demo;

  beforeAll(async () => {
    demo = await Demo.start(['--picture-stream']);
    await demo.startPage();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  const open = () => openPage(browser, demo.liveUrl());

  /** Waits until the canvas has shown other pixels than now, so many times. */
  async function waitForPictures(page: Page, count: number, timeoutMs: number): Promise<void> {
    await page.waitForFunction(
      ({ wanted, key }) => {
        const canvas = document.querySelector<HTMLCanvasElement>('canvas[role=img]');
        if (canvas === null || canvas.width === 0) return false;
        const state = window as unknown as Record<string, { last: string; changes: number }>;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        let sum = 0;
        for (let i = 0; i < data.length; i += 97) sum = (sum * 31 + data[i]!) | 0;
        const seen = (state[key] ??= { last: String(sum), changes: 0 });
        if (seen.last !== String(sum)) {
          seen.changes++;
          seen.last = String(sum);
        }
        return seen.changes >= wanted;
      },
      { wanted: count, key: `pictures${Math.random()}` },
      { timeout: timeoutMs, polling: 50 },
    );
  }

  const soundTime = (page: Page) =>
    page.evaluate(() => document.querySelector('video')?.currentTime ?? -1);

  async function waitForSound(page: Page, timeoutMs: number): Promise<void> {
    const from = await soundTime(page);
    await page.waitForFunction(
      (start) => (document.querySelector('video')?.currentTime ?? 0) > Math.max(0, start) + 1,
      from,
      { timeout: timeoutMs, polling: 50 },
    );
  }

  it('shows pictures that change, plays the sound, and offers what makes sense', async () => {
    const { page, errors } = await open();
    await waitForPictures(page, 5, START_MS);
    await waitForSound(page, START_MS);
    const sound = await page.evaluate(() => {
      const video = document.querySelector('video')! as HTMLVideoElement & {
        readonly webkitAudioDecodedByteCount: number;
      };
      return { bytes: video.webkitAudioDecodedByteCount, width: video.videoWidth };
    });
    expect(sound.bytes).toBeGreaterThan(0);
    expect(sound.width).toBe(0);
    await page.mouse.move(100, 200);
    await page.getByRole('button', { name: /sound on/i }).click();
    expect(await page.evaluate(() => document.querySelector('video')!.muted)).toBe(false);
    expect(await page.getByRole('button', { name: /quality/i }).count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Record', exact: true }).count()).toBe(0);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('saves the JPEG as the camera sent it', async () => {
    const { page } = await open();
    await waitForPictures(page, 2, START_MS);
    await page.mouse.move(100, 200);
    const saved = page.waitForEvent('download', { timeout: START_MS });
    await page.getByRole('button', { name: 'Take a snapshot' }).click();
    const download = await saved;
    expect(download.suggestedFilename()).toMatch(/\.jpg$/);
    const bytes = readFileSync(await download.path());
    expect([...bytes.subarray(0, 3)]).toEqual(JPEG_START);
    await page.context().close();
  });

  it('turns and enlarges the picture', async () => {
    const { page } = await open();
    await waitForPictures(page, 2, START_MS);
    await page.mouse.move(100, 200);
    await page.getByRole('button', { name: /^more/i }).click();
    await page.getByRole('menuitem', { name: /rotate|turn/i }).click();
    await page.waitForSelector('.iot-surface--turn-90 canvas', { timeout: START_MS });
    await page.locator('.iot-player__gestures').focus();
    await page.keyboard.press('+');
    await page.waitForFunction(() =>
      /scale/.test(document.querySelector<HTMLElement>('.iot-surface--turn-90')!.style.transform),
    );
    await waitForPictures(page, 2, START_MS);
    await page.context().close();
  });

  it('comes back by itself after the camera was gone, with its sound', async () => {
    const { page } = await open();
    await waitForPictures(page, 3, START_MS);
    await demo.killCamera();
    await waitForText(page, /offline/i, 15_000);
    // The last picture stays.
    const width = await page.evaluate(
      () => document.querySelector<HTMLCanvasElement>('canvas[role=img]')!.width,
    );
    expect(width).toBeGreaterThan(0);
    await demo.startCamera();
    await waitForPictures(page, 5, 40_000);
    await waitForSound(page, START_MS);
    expect(await visibleText(page)).not.toMatch(/offline/i);
    await page.context().close();
  });

  it('ends both streams when the player leaves', async () => {
    // Each stream counts as a viewer: with one left open there would be no place for both.
    const small = await Demo.start(['--picture-stream', '--max-viewers', '2']);
    await small.startPage();
    const { page } = await openPage(browser, small.pageUrl);
    try {
      for (let visit = 0; visit < 3; visit++) {
        await page.getByText('Test camera').first().click({ timeout: START_MS });
        await waitForPictures(page, 3, START_MS);
        await waitForSound(page, START_MS);
        await page.getByRole('button', { name: /^back$/i }).click();
        await page.waitForSelector('canvas[role=img]', { state: 'detached', timeout: START_MS });
      }
    } finally {
      await page.context().close();
      await small.stop();
    }
  });
});
