import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { decodeXp2pInfo, encodeXp2pInfo } from '../services/p2p/module';
import { launchBrowser, waitForFrames, waitForText } from '../test/e2e/lib/browser';
import { Demo } from '../test/e2e/lib/demo';
import { takePlayerStates } from './screenshots/player-states';
import { keep, take } from './screenshots/shoot';
import type { View } from './screenshots/shoot';
import { WeappInChromium } from '../test/host/chromium/weapp-in-chromium';

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 800 };

const START_MS = 20_000;
/** Enough pictures for the player to have settled, and for the delay to be shown. */
const SETTLED_FRAMES = 45;
/** From a whole day to five minutes. */
const ZOOM_STEPS = 9;
/** Address of the live page, as the list of cameras would open it. */
const named = (url: string): string => `${url}&name=${encodeURIComponent('Front door')}`;

/** A relay that takes connections and says nothing. */
async function startSilentRelay(): Promise<{ url: string; close(): void }> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `ws://127.0.0.1:${port}/relay`, close: () => void server.close() };
}

const playing = (page: Page): Promise<void> => waitForFrames(page, SETTLED_FRAMES, START_MS);

/** Today's recordings, with the pictures of the timeline. */
async function showRecorded(page: Page): Promise<void> {
  const previous = page.getByRole('button', { name: 'Previous event' });
  const today = page.locator('.iot-calendar__day--chosen');
  await today.waitFor({ timeout: START_MS });
  for (let tries = 0; (await previous.count()) === 0 && tries < 10; tries++) {
    await today.click();
    await previous.waitFor({ timeout: 1_000 }).catch(() => undefined);
  }
  await previous.click();
  await playing(page);
  await page
    .locator('.iot-timeline__picture')
    .nth(1)
    .waitFor({ timeout: 2 * START_MS });
}

async function takeAll(browser: Browser, demo: Demo): Promise<void> {
  const phone: View = { viewport: PHONE, colorScheme: 'light' };
  const shoot = (name: string, url: string, view: View, ready: (page: Page) => Promise<void>) =>
    take(browser, name, url, view, ready);

  await shoot('first-page', demo.pageUrl, phone, (page) =>
    waitForText(page, /Test camera/, START_MS),
  );
  await shoot('live-phone', named(demo.liveUrl()), phone, playing);
  const desktop: View = { viewport: DESKTOP, colorScheme: 'dark' };
  await shoot('live-desktop-dark', named(demo.liveUrl()), desktop, playing);

  await shoot('call-ringing', named(demo.liveUrl()), phone, async (page) => {
    await playing(page);
    await demo.typeAtCamera('ring');
    await waitForText(page, /The camera is calling/, START_MS);
  });
  await demo.typeAtCamera('hang-up');
  await takePlayerStates(browser, demo, named);
  const playback = demo.liveUrl().replace('/live/', '/playback/');
  await shoot('playback-phone', named(playback), phone, showRecorded);
  await shoot('playback-clip', named(playback), phone, async (page) => {
    await showRecorded(page);
    const zoomIn = page.getByRole('button', { name: 'Show less of the day' });
    for (let i = 0; i < ZOOM_STEPS; i++) await zoomIn.click();
    await page.getByRole('button', { name: 'Choose a clip' }).click();
    await page.locator('.iot-timeline__picture').first().waitFor({ timeout: START_MS });
  });

  const info = decodeXp2pInfo(demo.xp2pInfo);
  const silent = await startSilentRelay();
  const waits = encodeXp2pInfo({ ...info, relayUrl: silent.url });
  await shoot('state-connecting', named(demo.liveUrl(waits)), phone, (page) =>
    waitForText(page, /Connecting to the camera/, START_MS),
  );
  silent.close();

  const stranger = encodeXp2pInfo({ ...info, accessSecret: new Uint8Array(16) });
  await shoot('state-access-denied', named(demo.liveUrl(stranger)), phone, (page) =>
    waitForText(page, /refuses access/, START_MS),
  );

  await shoot('state-offline', named(demo.liveUrl()), phone, async (page) => {
    await playing(page);
    await demo.killCamera();
    await waitForText(page, /camera is offline/, START_MS);
  });
  await demo.startCamera();
  await shoot('state-relay-lost', named(demo.liveUrl()), phone, async (page) => {
    await playing(page);
    await demo.killRelay();
    await waitForText(page, /relay is lost/, START_MS);
  });
}

/** The app as it was built for WeChat, in the emulator. */
async function takeWeapp(browser: Browser, demo: Demo): Promise<void> {
  const weapp = await WeappInChromium.open(browser);
  const { page } = weapp.screen;
  try {
    const query = `xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}&name=${encodeURIComponent('Front door')}`;
    weapp.app.launch(`/pages/live/index?${query}`);
    await playing(page);
    await waitForText(page, /Hold to talk/, START_MS);
    await keep(browser, 'wechat-live', page);
  } finally {
    await weapp.end();
  }
}

async function run(): Promise<void> {
  const demo = await Demo.start(['--interactive', '--seed-recordings', '1']);
  let browser: Browser | null = null;
  try {
    await demo.startPage();
    browser = await launchBrowser();
    await takeWeapp(browser, demo);
    await takeAll(browser, demo);
  } finally {
    await browser?.close();
    await demo.stop();
  }
}

run().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
