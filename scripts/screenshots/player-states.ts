import { spawnSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { decodeXp2pInfo, encodeXp2pInfo } from '../../services/p2p/module';
import { waitForFrames, waitForText } from '../../test/e2e/lib/browser';
import type { Demo } from '../../test/e2e/lib/demo';
import { take } from './shoot';
import type { View } from './shoot';

const WAIT_MS = 20_000;
const SETTLED_FRAMES = 30;
const PART: View = {
  viewport: { width: 480, height: 844 },
  colorScheme: 'light',
  part: '.iot-player',
};
/** One press of the wheel: twice the size. */
const PINCH_PX = -100;

/** What a player's handle offers beside the buttons of the page. */
type Act = 'pause' | 'stop';

/** The player, its menus and what it says, each as a part of the live page that is really there. */
export async function takePlayerStates(
  browser: Browser,
  demo: Demo,
  named: (url: string) => string,
): Promise<void> {
  const shoot = (name: string, ready: (page: Page) => Promise<void>, view: Partial<View> = {}) =>
    take(browser, `player-${name}`, named(demo.liveUrl()), { ...PART, ...view }, ready);
  const whenPlaying = (then: (page: Page) => Promise<void>) => async (page: Page) => {
    await playing(page);
    await then(page);
  };

  await shoot('playing', whenPlaying(wake));
  await shoot(
    'quality',
    whenPlaying((page) => press(page, /Picture quality/)),
  );
  await shoot(
    'more',
    whenPlaying((page) => press(page, 'More')),
  );
  await shoot(
    'rotated',
    whenPlaying(async (page) => {
      await press(page, 'More');
      await page.getByRole('menuitem', { name: 'Rotate the picture' }).click();
      await wake(page);
    }),
  );
  await shoot(
    'zoomed',
    whenPlaying(async (page) => {
      await wake(page);
      await page.keyboard.down('Control');
      await page.mouse.wheel(0, PINCH_PX);
      await page.keyboard.up('Control');
      await page.getByRole('button', { name: 'Show the whole picture' }).waitFor();
    }),
  );
  await shoot(
    'snapshot',
    whenPlaying(async (page) => {
      await press(page, 'Take a snapshot');
      await page.getByText('Snapshot saved').waitFor();
    }),
  );
  await shoot(
    'recording',
    whenPlaying(async (page) => {
      await press(page, 'Record');
      await page.getByText('0:03').waitFor();
      await wake(page);
    }),
  );
  await shoot(
    'paused',
    whenPlaying((page) => act(page, 'pause')),
  );
  await shoot(
    'stopped',
    whenPlaying((page) => act(page, 'stop')),
  );
  await shoot(
    'blocked',
    (page) => waitForText(page, /Tap to play/, WAIT_MS),
    // As a browser does that lets nothing play before a tap, not even in silence.
    {
      init: () => {
        HTMLMediaElement.prototype.play = () =>
          Promise.reject(new DOMException('play() needs a tap', 'NotAllowedError'));
      },
    },
  );
  await take(
    browser,
    'diagnostics',
    named(demo.liveUrl()),
    {
      viewport: { width: 480, height: 2_000 },
      colorScheme: 'light',
      part: '.iot-monitor__diagnostics',
    },
    whenPlaying(async (page) => {
      await page.getByRole('button', { name: 'Diagnostics' }).click();
      await page.getByText('Export').waitFor();
    }),
  );
  await take(
    browser,
    'fullscreen',
    named(demo.liveUrl()),
    { viewport: { width: 844, height: 390 }, colorScheme: 'dark' },
    whenPlaying(async (page) => {
      await press(page, 'Full screen');
      await page.getByRole('button', { name: 'Leave full screen' }).waitFor();
      await wake(page);
    }),
  );
  await takeChinese(browser, demo, named);
  await takeStalls(browser, demo, named);
}

/** The same in Chinese; left out, and said, where the machine has no letters for it. */
async function takeChinese(
  browser: Browser,
  demo: Demo,
  named: (url: string) => string,
): Promise<void> {
  if (spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' }).stdout.trim() === '') {
    console.warn('no Chinese font: install fonts-noto-cjk for the pictures in Chinese');
    return;
  }
  const stranger = encodeXp2pInfo({
    ...decodeXp2pInfo(demo.xp2pInfo),
    accessSecret: new Uint8Array(16),
  });
  for (const locale of ['zh-CN', 'zh-TW']) {
    const shoot = (name: string, url: string, ready: (page: Page) => Promise<void>) =>
      take(browser, `player-${name}-${locale.toLowerCase()}`, url, { ...PART, locale }, ready);
    await shoot('more', named(demo.liveUrl()), async (page) => {
      await playing(page);
      await press(page, '更多');
    });
    await shoot('denied', named(demo.liveUrl(stranger)), (page) =>
      page.locator('.iot-player__retry').waitFor({ timeout: WAIT_MS }),
    );
  }
}

/** What takes a camera away, or lets it fall silent; all is back at the end. */
async function takeStalls(
  browser: Browser,
  demo: Demo,
  named: (url: string) => string,
): Promise<void> {
  const shoot = (name: string, ready: (page: Page) => Promise<void>) =>
    take(browser, `player-${name}`, named(demo.liveUrl()), PART, ready);
  await shoot('silent', async (page) => {
    await playing(page);
    demo.freezeCamera();
    await page.locator('.iot-player__progress').waitFor({ timeout: WAIT_MS });
  });
  demo.thawCamera();
  await demo.killCamera();
  await shoot('reconnecting', (page) => waitForText(page, /Next try in/, WAIT_MS));
  await demo.startCamera();
}

const playing = (page: Page): Promise<void> => waitForFrames(page, SETTLED_FRAMES, WAIT_MS);

/** The buttons rest until the mouse moves. */
async function wake(page: Page): Promise<void> {
  const box = await page.locator('.iot-player').boundingBox();
  const { x, y, width, height } = box!;
  await page.mouse.move(x + width / 2, y + height / 2);
  await page.mouse.move(x + width / 2 + 9, y + height / 2);
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await wake(page);
  await page.getByRole('button', { name, exact: typeof name === 'string' }).click();
}

/** Calls what an app would call by the player's handle. */
async function act(page: Page, name: Act): Promise<void> {
  await page.evaluate((call) => {
    const element = document.querySelector('.iot-player')!;
    const key = Object.keys(element).find((each) => each.startsWith('__reactFiber$'))!;
    interface Fiber {
      readonly return: Fiber | null;
      readonly memoizedProps: { readonly value?: { readonly handle?: Record<string, () => void> } };
    }
    let fiber = (element as unknown as Record<string, Fiber | null>)[key] ?? null;
    while (fiber !== null && fiber.memoizedProps.value?.handle === undefined) fiber = fiber.return;
    fiber?.memoizedProps.value?.handle?.[call]?.();
  }, name);
  await page.getByRole('button', { name: 'Play' }).waitFor({ timeout: WAIT_MS });
}
