import type { Browser, Page } from 'playwright-core';
import { WeappInChromium } from '../host/chromium/weapp-in-chromium';
import { launchBrowser, waitForFrames, waitForText } from './lib/browser';
import { Demo } from './lib/demo';
import { layoutProblems } from './lib/layout';

const START_MS = 20_000;
const BUTTONS = '.iot-pressable, .iot-hold, .demo-button';

let demo: Demo;
let browser: Browser;
let weapp: WeappInChromium;
let page: Page;

beforeAll(async () => {
  [demo, browser] = await Promise.all([Demo.start(), launchBrowser()]);
});

beforeEach(async () => {
  weapp = await WeappInChromium.open(browser);
  ({ page } = weapp.screen);
});

afterEach(async () => {
  await weapp.end();
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

describe('the mini-program built for WeChat, on a screen', () => {
  it('is used by taps from the first page to the picture and its sound', async () => {
    weapp.app.launch();
    await waitForText(page, /No cameras yet/, START_MS);
    expect(await layoutProblems(page, BUTTONS)).toEqual([]);
    await page.getByText('Add a camera').tap();
    await page.locator('wx-input > input').fill('Front door');
    await page.locator('wx-textarea > textarea').fill(demo.xp2pInfo);
    await weapp.screen.settled();
    expect(await layoutProblems(page, BUTTONS)).toEqual([]);
    await page.getByText('Add', { exact: true }).tap();
    await page.getByText('Front door').tap();

    await waitForFrames(page, 25, START_MS);
    await waitForText(page, /Live/, START_MS);
    await page.locator('.iot-talk__button').waitFor({ timeout: START_MS });
    expect(await layoutProblems(page, BUTTONS)).toEqual([]);

    await page.locator('.iot-player').tap({ position: { x: 180, y: 60 } });
    // What a screen reader tells, beside what the button looks like when it is pressed.
    const snapshot = page.locator(
      '.iot-player__control[aria-role="button"][aria-label="Take a snapshot"]',
    );
    expect(await snapshot.getAttribute('hover-class')).toBe('iot-pressable--pressed');
    const muted = weapp.latestPlayer.properties['muted'];
    const icon = muted === true ? 'sound-off' : 'sound-on';
    await page.locator(`.iot-player__control:has(.iot-icon--${icon})`).tap();
    await weapp.until('the sound', () => weapp.latestPlayer.properties['muted'] !== muted);

    expect(weapp.latestPlayer.problems).toEqual([]);
    expect([...weapp.app.errors, ...weapp.screen.errors]).toEqual([]);
    weapp.app.back();
    await page.getByText('Add a camera').waitFor({ timeout: START_MS });
    expect(await page.locator('video').count()).toBe(0);
  });
});
