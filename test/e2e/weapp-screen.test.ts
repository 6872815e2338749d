import type { Browser } from 'playwright-core';
import { WeappInChromium } from '../host/chromium/weapp-in-chromium';
import { launchBrowser } from './lib/browser';
import { Demo } from './lib/demo';

let demo: Demo;
let browser: Browser;
let weapp: WeappInChromium;

beforeAll(async () => {
  [demo, browser] = await Promise.all([Demo.start(), launchBrowser()]);
});
afterEach(() => weapp?.end());
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

it('shows', async () => {
  weapp = await WeappInChromium.open(browser);
  weapp.app.launch();
  const { page } = weapp.screen;
  await page.waitForTimeout(1000);
  await weapp.screen.settled();
  await page.screenshot({ path: '/tmp/s1.png' });
  console.log(weapp.screen.errors, weapp.app.errors, await page.evaluate(() => document.body.innerHTML.slice(0, 3000)));
  weapp.app.open(`/pages/live/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}&name=Front%20door`);
  await weapp.frames(60);
  await weapp.screen.settled();
  await page.screenshot({ path: '/tmp/s2.png', fullPage: true });
  console.log([...weapp.wx.missing], weapp.screen.errors, weapp.app.errors);
});
