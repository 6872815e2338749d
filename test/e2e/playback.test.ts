import { statSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, waitForFrames } from './lib/browser';
import { Demo } from './lib/demo';

const START_MS = 25_000;
/** Keyframes of the sample clip are this far apart. */
const KEYFRAME_S = 2;

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
  const recorded = page.getByRole('button', { name: /, with recordings$/ });
  await recorded.nth(1).waitFor({ timeout: START_MS });
  await recorded.nth((await recorded.count()) - 2).click();
  await waitForFrames(page, 10, START_MS);
  return opened;
}

/** What the timeline says, in seconds of the day. */
async function shownS(page: Page): Promise<number> {
  return Number(await page.getByRole('slider').getAttribute('aria-valuenow'));
}

async function currentTime(page: Page): Promise<number> {
  return page.evaluate(() => document.querySelector('video')!.currentTime);
}

describe('the playback page', () => {
  it('plays, seeks by the keyboard, and pauses at a picture', async () => {
    const { page, errors } = await openYesterday();
    const slider = page.getByRole('slider');
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
