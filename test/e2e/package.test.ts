import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Weapp } from '../host/weapp';
import { launchBrowser, openPage, waitForFrames } from './lib/browser';
import { ConsumerApp } from './lib/consumer-app';
import { Demo } from './lib/demo';

const BUILD_MS = 300_000;

let demo: Demo;
let app: ConsumerApp;

beforeAll(async () => {
  app = await ConsumerApp.install();
  demo = await Demo.start();
}, BUILD_MS);

afterAll(async () => {
  await demo?.stop();
});

describe('the npm package', () => {
  it('holds neither a module nor a declaration that names what only this repository has', () => {
    const files = readdirSync(ConsumerApp.kit, { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(expect.arrayContaining(['package.json', 'LICENSE', 'README.md']));
    const modules = files.filter((file) => /\.(js|ts|mjs)$/.test(file));
    expect(modules.length).toBeGreaterThan(500);
    const foreign = modules.filter((file) =>
      /from ['"]@(components|services)\/|\.scss['"]/.test(
        readFileSync(path.join(ConsumerApp.kit, file), 'utf8'),
      ),
    );
    expect(foreign).toEqual([]);
  });

  it('has types that another project’s TypeScript takes', async () => {
    expect(await app.typeErrors()).toEqual([]);
  });

  it(
    'plays in an app for browsers that only names the Taro plugin',
    async () => {
      await demo.startPage(await app.build('h5'));
      const browser = await launchBrowser();
      try {
        const url = `${demo.pageUrl}#/pages/index/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`;
        const { page, errors } = await openPage(browser, url);
        await waitForFrames(page, 25, 15_000);
        // The kit's px are not those of a design 750 px wide.
        const { width, height } = (await page.locator('.iot-player').boundingBox())!;
        expect([width, Math.round((height / width) * 16)]).toEqual([390, 9]);
        expect(errors).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    BUILD_MS,
  );

  it(
    'plays in an app for WeChat that only names the Taro plugin',
    async () => {
      const weapp = new Weapp({}, await app.build('weapp'));
      try {
        weapp.app.launch(`/pages/index/index?xp2pInfo=${encodeURIComponent(demo.xp2pInfo)}`);
        await weapp.frames(25);
        expect(weapp.latestPlayer.problems).toEqual([]);
        expect(weapp.page.text).toContain('Live');
        expect(weapp.app.errors).toEqual([]);
      } finally {
        weapp.close();
      }
    },
    BUILD_MS,
  );
});
