import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, waitForFrames } from './lib/browser';
import { SeededRandom } from '../net/seeded-random';
import { Demo } from './lib/demo';
import { clipDistance, clipTimeAt, yesterday } from './lib/seeded-day';

const START_MS = 25_000;
/** Width and height of the pictures that are compared. */
const SIDE = 48;
/** Keyframes of the sample clip are this far apart. */
const KEYFRAME_S = 1;
/** The page tells whole seconds, some time after the picture. */
const ROUNDING_S = 1;

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  demo = await Demo.start(['--seed-recordings', '2']);
  await demo.startPage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** Yesterday's recordings, which do not grow. */
async function openYesterday(): Promise<{ page: Page; errors: string[] }> {
  const url = `${demo.pageUrl}#/pages/playback/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`;
  const opened = await openPage(browser, url);
  const { page } = opened;
  const day = page.getByRole('button', { name: `${yesterday().date}, with recordings` });
  const month = page.getByRole('grid');
  await month.waitFor({ timeout: START_MS });
  // The camera may still be filling its card: the month is looked at again.
  const isOther = new Date().getUTCDate() === 1;
  for (let tries = 0; (await day.count()) === 0 && tries < 20; tries++) {
    if (!isOther || tries > 0) await page.getByRole('button', { name: 'Next month' }).click();
    await page.getByRole('button', { name: 'Previous month' }).click();
    await day.waitFor({ timeout: 1_000 }).catch(() => undefined);
  }
  const marks = page.locator('.iot-timeline__event');
  await day.click();
  for (let tries = 0; (await marks.count()) === 0 && tries < 20; tries++) {
    if (tries > 0) await day.click();
    await marks
      .first()
      .waitFor({ timeout: 1_000 })
      .catch(() => undefined);
  }
  await waitForFrames(page, 10, START_MS);
  return opened;
}

/** The clip's pictures, 15 per second, as small gray ones. */
function clipPictures(): Buffer[] {
  const clip = path.resolve(__dirname, '../../agents/camera/assets/sample.flv');
  const args = ['-loglevel', 'error', '-i', clip, '-vf', `scale=${SIDE}:${SIDE}`];
  const gray = execFileSync('ffmpeg', [...args, '-pix_fmt', 'gray', '-f', 'rawvideo', '-']);
  const size = SIDE * SIDE;
  return Array.from({ length: gray.length / size }, (_, i) =>
    gray.subarray(i * size, (i + 1) * size),
  );
}

/** What is shown, small and gray, and the second of the day that the page says it is. */
async function look(page: Page): Promise<{ picture: number[]; saysS: number }> {
  return page.evaluate((side) => {
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    const context = canvas.getContext('2d')!;
    context.imageSmoothingQuality = 'high';
    context.drawImage(document.querySelector('video')!, 0, 0, side, side);
    const { data } = context.getImageData(0, 0, side, side);
    const picture = Array.from({ length: side * side }, (_, i) => {
      return 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!;
    });
    const slider = document.querySelector('[role="slider"]')!;
    return { picture, saysS: Number(slider.getAttribute('aria-valuenow')) };
  }, SIDE);
}

/** Which second of the clip a picture is of. */
function clipTimeOf(picture: readonly number[], clip: readonly Buffer[]): number {
  const distances = clip.map((one) =>
    picture.reduce((sum, value, i) => sum + Math.abs(value - one[i]!), 0),
  );
  return distances.indexOf(Math.min(...distances)) / 15;
}

function timeline(page: Page) {
  return page.getByRole('slider', { name: 'Time of the day' });
}

/** What the timeline says, in seconds of the day. */
async function shownS(page: Page): Promise<number> {
  return Number(await timeline(page).getAttribute('aria-valuenow'));
}

async function currentTime(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('video')!.currentTime);
}

describe('the playback page', () => {
  it('plays, seeks by the keyboard, and pauses at a picture', async () => {
    const { page, errors } = await openYesterday();
    const slider = timeline(page);
    await slider.focus();
    await page.keyboard.press('Home');
    await waitForFrames(page, 10, START_MS);
    const first = await shownS(page);
    await page.keyboard.press('ArrowRight');
    await waitForFrames(page, 10, START_MS);
    const second = await shownS(page);
    expect(second - first).toBeGreaterThanOrEqual(10 - KEYFRAME_S);

    await page.getByRole('button', { name: 'Pause' }).click();
    const before = await currentTime(page);
    await page.waitForFunction(() => document.querySelector('video')!.paused);
    expect((await currentTime(page)) - before).toBeLessThan(0.5);
    const stood = await currentTime(page);
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    await waitForFrames(page, 5, START_MS);
    // The same stream goes on from there: one that was opened anew would begin at 0.
    expect(await currentTime(page)).toBeGreaterThan(stood);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows what is sought, 100 times at random across three segments and a gap', async () => {
    const { page, errors } = await openYesterday();
    const clip = clipPictures();
    const random = new SeededRandom(4);
    // From 07:30 on: two segments, a gap of 20 s, and the third one.
    await timeline(page).focus();
    const box = (await timeline(page).boundingBox())!;
    const y = box.y + box.height - 6;
    const clickAt = async (share: number) => page.mouse.click(box.x + share * box.width, y);
    await page.keyboard.press('Home');
    // The first moment after it is where the segments begin.
    await page.keyboard.press('PageUp');
    expect(await shownS(page)).toBe(27_000);
    for (let i = 0; i < 9; i++) await page.keyboard.press('+');
    const spanS = 300;
    // What plays keeps its share of the width.
    const beganS = (await shownS(page)) - spanS * (27_000 / 86_400);
    for (let i = 0; i < 100; i++) {
      const wantedS = 27_003 + random.next() * 180;
      await clickAt((wantedS - beganS) / spanS);
      const wishS = await shownS(page);
      // In the gap the first moment after it is meant.
      const meantS = wantedS > 27_112 && wantedS < 27_132 ? 27_132 : wantedS;
      expect(Math.abs(wishS - meantS)).toBeLessThanOrEqual(60);
      await waitForFrames(page, 3, START_MS);
      const { picture, saysS } = await look(page);
      const expected = clipTimeAt(saysS)!;
      expect(saysS - wishS).toBeGreaterThanOrEqual(-KEYFRAME_S - ROUNDING_S);
      expect(clipDistance(clipTimeOf(picture, clip), expected)).toBeLessThanOrEqual(
        KEYFRAME_S + ROUNDING_S,
      );
    }
    expect(errors).toEqual([]);
    await page.context().close();
  }, 180_000);

  it('is used without a pointer: events, a clip, and what a screen reader is told', async () => {
    const { page, errors } = await openYesterday();
    const press = async (name: string, key = 'Enter') => {
      await page.getByRole('button', { name, exact: true }).focus();
      await page.keyboard.press(key);
    };
    const before = await shownS(page);
    await press('Previous event');
    expect(await shownS(page)).toBeLessThan(before);
    await press('Choose a clip', ' ');
    const start = page.getByRole('slider', { name: 'Start of the clip' });
    const end = page.getByRole('slider', { name: 'End of the clip' });
    const valueOf = async (slider: typeof start) =>
      Number(await slider.getAttribute('aria-valuenow'));
    const beganS = await valueOf(start);
    await start.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('PageUp');
    expect(await valueOf(start)).toBe(beganS + 11);
    await end.focus();
    await page.keyboard.press('PageDown');
    expect((await valueOf(end)) - (await valueOf(start))).toBeGreaterThanOrEqual(5);
    await press('Save clip');
    await page.getByText('Added to the downloads').waitFor({ timeout: START_MS });
    expect(await start.count()).toBe(0);
    await page.locator('.iot-timeline__picture').first().waitFor({ timeout: START_MS });
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('saves a recording, which the downloads page hands to the browser', async () => {
    const { page, errors } = await openYesterday();
    await page.getByRole('button', { name: 'Save this recording' }).click();
    await page.getByText('Added to the downloads').waitFor({ timeout: START_MS });
    await page.getByRole('button', { name: 'Downloads' }).click();
    const save = page.getByRole('button', { name: /^Save .*\.flv$/ });
    await save.waitFor({ timeout: START_MS });
    const arriving = page.waitForEvent('download');
    await save.click();
    const file = await arriving;
    expect(file.suggestedFilename()).toMatch(/\.flv$/);
    expect(statSync(await file.path()).size).toBeGreaterThan(1_000);
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
