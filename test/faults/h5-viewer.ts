import type { Browser, Page } from 'playwright-core';
import { openPage, waitForFrames, waitForText } from '../e2e/lib/browser';
import type { Demo } from '../e2e/lib/demo';
import { STEPS_BACK, yesterday } from './viewer';
import type { Scene, Viewer } from './viewer';

const STEP_MS = 20_000;
const RETRY = { name: /retry|try again/i };

/** The app built for browsers, in Chromium. */
export class H5Viewer implements Viewer {
  private constructor(
    private readonly page: Page,
    private readonly thrown: readonly string[],
  ) {}

  static async open(browser: Browser, demo: Demo, scene: Scene): Promise<H5Viewer> {
    const query = `xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`;
    const { page, errors } = await openPage(
      browser,
      `${demo.pageUrl}#/pages/${scene}/index?${query}`,
    );
    if (scene === 'playback') {
      await chooseDay(page, yesterday());
      const back = page.getByRole('button', { name: '10 seconds back' });
      for (let i = 0; i < STEPS_BACK; i++) await back.click({ timeout: STEP_MS });
    }
    return new H5Viewer(page, errors);
  }

  frames(count: number, deadlineMs: number): Promise<void> {
    return this.told(waitForFrames(this.page, count, deadlineMs));
  }

  says(pattern: RegExp, deadlineMs: number): Promise<void> {
    return this.told(waitForText(this.page, pattern, deadlineMs));
  }

  text(): Promise<string> {
    return this.page.evaluate(() => document.body.innerText);
  }

  retries(): Promise<number> {
    return this.page.getByRole('button', RETRY).count();
  }

  retry(): Promise<void> {
    return this.page.getByRole('button', RETRY).first().click({ timeout: STEP_MS });
  }

  async positionS(): Promise<number> {
    return Number(await this.page.getByRole('slider').last().getAttribute('aria-valuenow'));
  }

  hide(): Promise<void> {
    return this.setVisibility('hidden');
  }

  show(): Promise<void> {
    return this.setVisibility('visible');
  }

  async changeNetwork(): Promise<void> {
    await this.page.context().setOffline(true);
    await this.page.context().setOffline(false);
  }

  errors(): readonly string[] {
    return this.thrown;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  /** A headless browser's pages are never covered: this is what they would hear. */
  private setVisibility(state: DocumentVisibilityState): Promise<void> {
    return this.page.evaluate((value) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, value });
      Object.defineProperty(document, 'hidden', { configurable: true, value: value === 'hidden' });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  }

  private async told(wait: Promise<void>): Promise<void> {
    try {
      await wait;
    } catch (cause) {
      throw new Error(`the page says: ${await this.text()}`, { cause });
    }
  }
}

/** Yesterday may be in another month. */
export async function chooseDay(page: Page, date: string): Promise<void> {
  const day = page.locator(`.iot-calendar__day-${date}.iot-calendar__day--recorded`);
  await page.locator('.iot-calendar').waitFor({ timeout: STEP_MS });
  if ((await page.locator(`.iot-calendar__day-${date}`).count()) === 0) {
    await page.getByRole('button', { name: 'Previous month' }).click();
  }
  await day.click({ timeout: STEP_MS });
}
