import type { Browser, Page } from 'playwright-core';
import { openPage, waitForFrames, waitForText } from './lib/browser';
import { Demo } from './lib/demo';
import {
  expectTone,
  launchSpeaker,
  noteTexts,
  RAW_MICROPHONE,
  storedTalks,
  timeOf,
  waitForTalk,
} from './lib/talks';

const START_MS = 20_000;
const SPEECH_MS = 3_000;
const HEARD = /you are heard/i;

let browser: Browser;
let closeBrowser: () => Promise<void>;
let demo: Demo;

beforeAll(async () => {
  demo = await Demo.start();
  await demo.startPage();
  ({ browser, close: closeBrowser } = await launchSpeaker());
});

afterAll(async () => {
  await closeBrowser?.();
  await demo?.stop();
});

async function openLive(): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(browser, demo.liveUrl());
  await page.evaluate(RAW_MICROPHONE);
  await waitForFrames(page, 5, START_MS);
  await talkButton(page).waitFor({ timeout: START_MS });
  return { page, errors };
}

const talkButton = (page: Page) => page.getByRole('button', { name: 'Hold to talk' });

async function hold(page: Page): Promise<void> {
  await talkButton(page).hover();
  await page.mouse.down();
}

describe('talking on the live page', () => {
  it('brings the tone to the camera whole: height, length, no gap', async () => {
    const { page, errors } = await openLive();
    const known = storedTalks(demo.talkFolder).length;
    await noteTexts(page, '.iot-talk__note');
    await hold(page);
    const file = await waitForTalk(demo.talkFolder, known, SPEECH_MS);
    await page.mouse.up();
    await page
      .locator('.iot-talk__note', { hasText: /hold to talk/i })
      .waitFor({ timeout: START_MS });
    expectTone(file, await timeOf(page, HEARD));
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('tells the second talker that the camera is busy, and frees it when the first page dies', async () => {
    const first = await openLive();
    const second = await openLive();
    await hold(first.page);
    await waitForText(first.page, HEARD, START_MS);
    await hold(second.page);
    await waitForText(second.page, /somebody else talks/i, START_MS);
    await second.page.mouse.up();
    await first.page.context().close();
    const diedMs = performance.now();
    for (let heard = false; !heard;) {
      expect(performance.now() - diedMs).toBeLessThan(5_000);
      await hold(second.page);
      heard = await waitForText(second.page, HEARD, 1_000).then(
        () => true,
        () => false,
      );
      await second.page.mouse.up();
    }
    await second.page.context().close();
  });
});

describe('steering on the live page', () => {
  it('drives the camera to its end by keys alone, and keeps a position', async () => {
    const { page, errors } = await openLive();
    const pad = page.getByRole('group', { name: /direction/i });
    await pad.getByRole('button', { name: 'Up', exact: true }).focus();
    await page.keyboard.down('ArrowUp');
    expect(
      await pad.getByRole('button', { name: 'Up', exact: true }).getAttribute('aria-pressed'),
    ).toBe('true');
    await waitForText(page, /can go no further/i, START_MS);
    await page.keyboard.up('ArrowUp');
    await page.getByRole('button', { name: 'Keep this position' }).press('Enter');
    await page.getByRole('button', { name: 'Position 1' }).waitFor({ timeout: START_MS });
    expect(errors).toEqual([]);
    await page.context().close();
  });
});
