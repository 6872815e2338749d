import type { Browser, Page } from 'playwright-core';
import { decodeXp2pInfo, encodeXp2pInfo } from '../../services/p2p/module';
import {
  launchBrowser,
  longestStall,
  openPage,
  visibleText,
  waitForFrames,
  waitForText,
  watchVideo,
} from './lib/browser';
import { Demo, unusedPort } from './lib/demo';

const START_MS = 15_000;

let browser: Browser;
let demo: Demo;

beforeAll(async () => {
  demo = await Demo.start();
  await demo.startPage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

async function openLive(xp2pInfo?: string): Promise<{ page: Page; errors: string[] }> {
  return openPage(browser, demo.liveUrl(xp2pInfo));
}

describe('the live page', () => {
  it('is reached from the first page, which lists the demo camera', async () => {
    const { page, errors } = await openPage(browser, demo.pageUrl);
    await page.getByText('Test camera').first().click({ timeout: START_MS });
    await waitForFrames(page, 5, START_MS);
    expect(page.url()).toContain('pages/live');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('plays for 10 s with no stall over 1 s, near the live edge, with sound in the stream', async () => {
    const { page, errors } = await openLive();
    await waitForFrames(page, 5, START_MS);
    const samples = await watchVideo(page, 10_000);
    const first = samples[0]!;
    const last = samples.at(-1)!;
    expect(last.frames - first.frames).toBeGreaterThan(100);
    expect(last.currentTime - first.currentTime).toBeGreaterThan(9);
    expect(longestStall(samples, (sample) => sample.currentTime)).toBeLessThan(1000);
    expect(longestStall(samples, (sample) => sample.frames)).toBeLessThan(1000);
    const media = await page.evaluate(() => {
      const video = document.querySelector('video')! as HTMLVideoElement & {
        captureStream(): MediaStream;
        readonly webkitAudioDecodedByteCount: number;
      };
      const { buffered } = video;
      return {
        audioTracks: video.captureStream().getAudioTracks().length,
        audioBytes: video.webkitAudioDecodedByteCount,
        behindS: buffered.end(buffered.length - 1) - video.currentTime,
      };
    });
    expect(media.audioTracks).toBe(1);
    expect(media.audioBytes).toBeGreaterThan(0);
    expect(media.behindS).toBeLessThan(2);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('shows a picture that moves', async () => {
    const { page } = await openLive();
    await waitForFrames(page, 5, START_MS);
    const video = page.locator('video');
    const before = await video.screenshot();
    await waitForFrames(page, 15, START_MS);
    const after = await video.screenshot();
    expect(before.equals(after)).toBe(false);
    await page.context().close();
  });

  it('can be heard and muted', async () => {
    const { page } = await openLive();
    await waitForFrames(page, 5, START_MS);
    const isMuted = () => page.evaluate(() => document.querySelector('video')!.muted);
    expect(await isMuted()).toBe(true);
    await page.getByRole('button', { name: /sound on/i }).click();
    expect(await isMuted()).toBe(false);
    await page.getByRole('button', { name: /sound off/i }).click();
    expect(await isMuted()).toBe(true);
    await page.context().close();
  });

  it('lets two pages watch at once, and one go on when the other closes', async () => {
    const first = await openLive();
    const second = await openLive();
    await waitForFrames(first.page, 5, START_MS);
    await waitForFrames(second.page, 5, START_MS);
    await first.page.context().close();
    const samples = await watchVideo(second.page, 3000);
    expect(longestStall(samples, (sample) => sample.currentTime)).toBeLessThan(1000);
    await second.page.context().close();
  });

  it('says that the relay is lost, and plays again by itself when it is back', async () => {
    const { page } = await openLive();
    await waitForFrames(page, 5, START_MS);
    await demo.killRelay();
    await waitForText(page, /relay/i, 10_000);
    await demo.startRelay();
    await waitForFrames(page, 30, 30_000);
    expect(await visibleText(page)).not.toMatch(/relay .*(lost|unreachable|reach)/i);
    await page.context().close();
  });

  it('says that the camera is offline, and plays when it returns', async () => {
    const { page } = await openLive();
    await waitForFrames(page, 5, START_MS);
    await demo.killCamera();
    await waitForText(page, /offline/i, 10_000);
    await demo.startCamera();
    await waitForFrames(page, 30, 30_000);
    expect(await visibleText(page)).not.toMatch(/offline/i);
    await page.context().close();
  });
});

describe('a live page that cannot play', () => {
  async function expectMessage(xp2pInfo: string, message: RegExp): Promise<string> {
    const { page } = await openLive(xp2pInfo);
    await waitForText(page, message, 12_000);
    expect(await page.getByRole('button', { name: /retry|try again/i }).count()).toBeGreaterThan(0);
    const text = await visibleText(page);
    await page.context().close();
    return text;
  }

  it('has a message of its own for each reason, and a way to try again', async () => {
    const info = decodeXp2pInfo(demo.xp2pInfo);
    const wrongSecret = encodeXp2pInfo({ ...info, accessSecret: new Uint8Array(16) });
    const nobody = `ws://127.0.0.1:${await unusedPort()}/relay`;
    const texts = [
      await expectMessage(wrongSecret, /access/i),
      await expectMessage('XP2Pnonsense', /xp2pInfo/i),
      await expectMessage(encodeXp2pInfo({ ...info, relayUrl: nobody }), /relay/i),
      await expectMessage(
        encodeXp2pInfo({ ...info, publicKey: new Uint8Array(32).fill(9) }),
        /offline/i,
      ),
    ];
    expect(new Set(texts).size).toBe(texts.length);
  });
});
