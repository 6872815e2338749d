import type { Browser } from 'playwright-core';
import { RemoteViewer } from '../agents/camera/lib/camera-world';
import { itWithFfmpeg } from '../lib/ffmpeg';
import { launchBrowser, longestStall, openPage, waitForFrames, watchVideo } from './lib/browser';
import { Demo } from './lib/demo';

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

/** The camera encodes while it looks away from home: the player gets another stream in the same one. */
itWithFfmpeg('the player goes on while the camera turns away and back', async () => {
  const { page, errors } = await openPage(browser, demo.liveUrl());
  await waitForFrames(page, 5, START_MS);
  const viewer = new RemoteViewer({ xp2pInfo: demo.xp2pInfo });
  /** Waits for a colour at the left edge of the picture: bars, the first of them red. */
  const untilEdge = (colour: string) =>
    page.waitForFunction(
      (wanted) => {
        const context = document.createElement('canvas').getContext('2d')!;
        context.drawImage(document.querySelector('video')!, 0, 0, 64, 36);
        const [red, green, blue] = context.getImageData(1, 10, 1, 1).data;
        return [red, green, blue].map((value) => (value! > 128 ? 1 : 0)).join('') === wanted;
      },
      colour,
      { timeout: START_MS, polling: 100 },
    );
  await untilEdge('100');
  for (let i = 0; i < 3; i++) await viewer.command('action=user_define&cmd=ptz_right');
  const turning = await watchVideo(page, 6_000);
  await untilEdge('001');
  await viewer.command('action=user_define&cmd=ptz_home');
  const returning = await watchVideo(page, 12_000);
  await untilEdge('100');
  for (const samples of [turning, returning]) {
    expect(longestStall(samples, (sample) => sample.currentTime)).toBeLessThan(2_000);
  }
  expect(errors).toEqual([]);
  viewer.close();
});
