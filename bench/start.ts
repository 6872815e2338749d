import { parseArgs } from 'node:util';
import type { Browser } from 'playwright-core';
import { launchBrowser } from '../test/e2e/lib/browser';
import { Demo } from '../test/e2e/lib/demo';
import { report } from './lib/report';
import { startBenchServer } from './start/server';

const FRAME_DEADLINE_MS = 30_000;

/** Ms from navigation to the first frame on the screen, in a fresh profile. */
async function firstFrameMs(browser: Browser, url: string, inApp: boolean): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 800, height: 600 } });
  try {
    const page = await context.newPage();
    if (inApp) await page.addInitScript(WATCH_FOR_FIRST_FRAME);
    await page.goto(url);
    await page.waitForFunction(() => document.documentElement.dataset.start !== undefined, null, {
      timeout: FRAME_DEADLINE_MS,
      polling: 20,
    });
    const told = await page.evaluate(() => document.documentElement.dataset.start ?? '');
    const value = Number(told.replace('first frame ', ''));
    if (Number.isNaN(value)) throw new Error(told);
    return value;
  } finally {
    await context.close();
  }
}

/**
 * Runs in the page: the app makes its video element when it likes. A string, since the loader that runs
 * this file puts helpers into functions that a page does not have.
 */
const WATCH_FOR_FIRST_FRAME = `
  let seen = null;
  const look = () => {
    const video = document.querySelector('video');
    if (video !== null && video !== seen) {
      seen = video;
      video.requestVideoFrameCallback(() => {
        document.documentElement.dataset.start = 'first frame ' + performance.now();
      });
    }
    requestAnimationFrame(look);
  };
  look();
`;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' } } });
  const runs = Number(values.runs);
  const demo = await Demo.start();
  const server = await startBenchServer();
  const browser = await launchBrowser();
  try {
    await demo.startPage();
    const ways = [
      { way: 'HTTP-FLV, mpegts.js', url: server.url, inApp: false },
      {
        way: 'engine, same page',
        url: `${server.url}?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`,
        inApp: false,
      },
      { way: 'engine, <IotPlayer> in the demo app', url: demo.liveUrl(), inApp: true },
    ];
    const times = ways.map(() => [] as number[]);
    // In turn, so that a slow moment of the machine hits all ways; the first round warms up.
    for (let run = 0; run <= runs; run++) {
      for (const [index, { url, inApp }] of ways.entries()) {
        const ms = await firstFrameMs(browser, url, inApp);
        if (run > 0) times[index]!.push(ms);
      }
    }
    const base = median(times[0]!);
    report(
      'start',
      ['way', 'median ms', 'min ms', 'max ms', 'ratio'],
      ways.map(({ way }, index) => ({
        way,
        'median ms': Math.round(median(times[index]!)),
        'min ms': Math.round(Math.min(...times[index]!)),
        'max ms': Math.round(Math.max(...times[index]!)),
        ratio: median(times[index]!) / base,
      })),
      { runs, browser: browser.version() },
    );
  } finally {
    await browser.close();
    await server.close();
    await demo.stop();
  }
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
