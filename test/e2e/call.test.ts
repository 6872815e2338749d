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
const TALK_MS = 2_000;
const TALKING = /you hear each other/i;

let browser: Browser;
let closeBrowser: () => Promise<void>;
let demo: Demo;

beforeAll(async () => {
  // Somebody is at the camera: the test.
  demo = await Demo.start(['--interactive', '--on-call', 'ring']);
  await demo.startPage();
  ({ browser, close: closeBrowser } = await launchSpeaker());
});

afterAll(async () => {
  await closeBrowser?.();
  await demo?.stop();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function openLive(): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(browser, demo.liveUrl());
  await page.evaluate(RAW_MICROPHONE);
  await waitForFrames(page, 5, START_MS);
  await button(page, 'Call').waitFor({ timeout: START_MS });
  await noteTexts(page, '.iot-call__note');
  return { page, errors };
}

/** The camera's sound comes out of the page. */
async function waitForSound(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const video = document.querySelector('video') as
        (HTMLVideoElement & { webkitAudioDecodedByteCount: number }) | null;
      const state = window as unknown as { decoded?: number };
      if (video === null || video.muted || video.volume === 0) return false;
      state.decoded ??= video.webkitAudioDecodedByteCount;
      return video.webkitAudioDecodedByteCount > state.decoded;
    },
    undefined,
    { timeout: START_MS },
  );
}

const isMuted = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.querySelector('video')!.muted);

describe('calling on the live page', () => {
  it('rings at the camera, both hear each other, and it is hung up here', async () => {
    const { page, errors } = await openLive();
    const known = storedTalks(demo.talkFolder).length;
    expect(await isMuted(page)).toBe(true);
    await button(page, 'Call').press('Enter');
    await waitForText(page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('answer');
    await waitForText(page, TALKING, START_MS);
    await waitForSound(page);
    const file = await waitForTalk(demo.talkFolder, known, TALK_MS);
    await button(page, 'Hang up').press('Enter');
    await waitForText(page, /the call has ended/i, START_MS);
    await demo.untilCall('idle');
    expectTone(file, await timeOf(page, TALKING));
    expect(await isMuted(page)).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('rings here when the camera calls, is answered, and hung up at the camera', async () => {
    const { page, errors } = await openLive();
    await demo.typeAtCamera('ring');
    await page
      .getByRole('alert')
      .filter({ hasText: /the camera is calling/i })
      .waitFor({ timeout: START_MS });
    await button(page, 'Answer').press('Enter');
    await waitForText(page, TALKING, START_MS);
    await demo.typeAtCamera('hang-up');
    await waitForText(page, /hung up at the camera/i, START_MS);
    await demo.typeAtCamera('ring');
    await button(page, 'Reject').click({ timeout: START_MS });
    await waitForText(page, /the call has ended/i, START_MS);
    await demo.untilCall('idle');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is rejected; is busy for a second caller, and free when the first page dies', async () => {
    const first = await openLive();
    await button(first.page, 'Call').click();
    await waitForText(first.page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('reject');
    await waitForText(first.page, /was rejected/i, START_MS);

    const second = await openLive();
    await button(first.page, 'Call').click();
    await waitForText(first.page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('answer');
    await waitForText(first.page, TALKING, START_MS);
    await button(second.page, 'Call').click();
    await waitForText(second.page, /is busy/i, START_MS);
    await first.page.context().close();
    const diedMs = performance.now();
    for (let rings = false; !rings;) {
      expect(performance.now() - diedMs).toBeLessThan(5_000);
      await button(second.page, 'Call').click();
      rings = await waitForText(second.page, /it rings at the camera/i, 1_000).then(
        () => button(second.page, 'Cancel').isVisible(),
        () => false,
      );
    }
    await button(second.page, 'Cancel').click();
    await demo.untilCall('idle');
    await second.page.context().close();
  });
});
