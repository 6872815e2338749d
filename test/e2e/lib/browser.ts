import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { requireBrowser } from '../../../scripts/lib/browser.mjs';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page in the background of a headless browser must go on as one in front does.
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** @param flags further ones, e.g. for a microphone that plays a file. */
export function launchBrowser(flags: readonly string[] = []): Promise<Browser> {
  const args = [...FLAGS, ...flags];
  return chromium.launch({ executablePath: requireBrowser(), headless: true, args });
}

export interface OpenOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
}

/** A fresh profile with one page; errors of the page are collected, not lost. */
export async function openPage(
  browser: Browser,
  url: string,
  options: OpenOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({
    viewport: options.viewport ?? { width: 390, height: 844 },
    locale: options.locale ?? 'en-US',
    colorScheme: options.colorScheme ?? 'light',
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

export interface PlaybackSample {
  readonly atMs: number;
  readonly currentTime: number;
  readonly frames: number;
}

/** Waits until the page's video has shown more frames than it has by now. */
export async function waitForFrames(page: Page, count: number, timeoutMs: number): Promise<void> {
  await page.waitForSelector('video', { timeout: timeoutMs, state: 'attached' });
  await page.waitForFunction(
    ({ wanted, key }) => {
      const state = window as unknown as Record<string, number | undefined>;
      const video = document.querySelector('video');
      if (video === null) return false;
      const { totalVideoFrames } = video.getVideoPlaybackQuality();
      // A new element counts from 0 again.
      const start = Math.min(state[key] ?? totalVideoFrames, totalVideoFrames);
      state[key] = start;
      return totalVideoFrames - start >= wanted;
    },
    { wanted: count, key: `frames${Math.random()}` },
    { timeout: timeoutMs, polling: 50 },
  );
}

/** Looks at the video every 100 ms for a while. */
export function watchVideo(page: Page, durationMs: number): Promise<PlaybackSample[]> {
  return page.evaluate(async (duration) => {
    const samples: { atMs: number; currentTime: number; frames: number }[] = [];
    const start = performance.now();
    while (performance.now() - start < duration) {
      const video = document.querySelector('video')!;
      samples.push({
        atMs: performance.now() - start,
        currentTime: video.currentTime,
        frames: video.getVideoPlaybackQuality().totalVideoFrames,
      });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return samples;
  }, durationMs);
}

/** The longest time in ms in which `value` did not grow. */
export function longestStall(
  samples: readonly PlaybackSample[],
  value: (sample: PlaybackSample) => number,
): number {
  let longest = 0;
  let last = samples[0]!;
  for (const sample of samples) {
    if (value(sample) > value(last)) last = sample;
    longest = Math.max(longest, sample.atMs - last.atMs);
  }
  return longest;
}

/** Everything a person can read on the page. */
export function visibleText(page: Page): Promise<string> {
  return page.evaluate(() => document.body.innerText);
}

/** Waits until the page says something. */
export async function waitForText(page: Page, pattern: RegExp, timeoutMs: number): Promise<void> {
  await page.waitForFunction(
    ({ source, flags }) => new RegExp(source, flags).test(document.body.innerText),
    { source: pattern.source, flags: pattern.flags },
    { timeout: timeoutMs, polling: 50 },
  );
}
