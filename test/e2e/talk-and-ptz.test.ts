import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage, waitForFrames, waitForText } from './lib/browser';
import { Demo } from './lib/demo';
import { extentOf, pitchOf, readWav, toneOf, writeWav } from './lib/sound';

const START_MS = 20_000;
const TONE_HZ = 440;
const SPEECH_MS = 3_000;
const HEARD = /you are heard/i;

/** What the browser does to speech would take a tone for noise. */
const RAW_MICROPHONE = `
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = () => open({
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
`;
/** Notes when the text of the talk changes. */
const NOTE_TEXTS = `
  window.talkTexts = [];
  const note = document.querySelector('.iot-talk__note');
  const look = () => window.talkTexts.push({ atMs: performance.now(), text: note.textContent });
  new MutationObserver(look).observe(note, { childList: true, subtree: true, characterData: true });
`;

let browser: Browser;
let demo: Demo;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'taro-iot-video-tone-'));
  const file = path.join(folder, 'tone.wav');
  // Whole periods, so that the loop has no seam.
  writeFileSync(file, writeWav(toneOf(TONE_HZ, 10)));
  demo = await Demo.start();
  await demo.startPage();
  browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${file}`,
  ]);
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function openLive(): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(browser, demo.liveUrl());
  await page.evaluate(RAW_MICROPHONE);
  await waitForFrames(page, 5, START_MS);
  await talkButton(page).waitFor({ timeout: START_MS });
  return { page, errors };
}

const talkButton = (page: Page) => page.getByRole('button', { name: 'Hold to talk' });

async function hold(page: Page): Promise<void> {
  await talkButton(page).hover();
  await page.mouse.down();
}

describe('talking on the live page', () => {
  it('brings the tone to the camera whole: height, length, no gap', async () => {
    const { page, errors } = await openLive();
    await page.evaluate(NOTE_TEXTS);
    await hold(page);
    await waitForText(page, HEARD, START_MS);
    await page.waitForTimeout(SPEECH_MS);
    await page.mouse.up();
    await page.waitForFunction(
      `/hold to talk/i.test(document.querySelector('.iot-talk__note').textContent)`,
      undefined,
      { timeout: START_MS },
    );
    const texts = await page.evaluate<{ atMs: number; text: string }[]>('window.talkTexts');
    const from = texts.findIndex(({ text }) => HEARD.test(text));
    const saidMs = texts[from + 1]!.atMs - texts[from]!.atMs;
    const [name] = await storedTalks();
    const sound = readWav(readFileSync(path.join(demo.talkFolder, name!)));
    const { soundMs, longestGapMs } = extentOf(sound);
    expect(saidMs).toBeGreaterThan(SPEECH_MS - 100);
    expect(Math.abs(pitchOf(sound) - TONE_HZ)).toBeLessThan(TONE_HZ / 100);
    expect(Math.abs(soundMs - saidMs)).toBeLessThan(200);
    expect(longestGapMs).toBeLessThan(60);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('tells the second talker that the camera is busy, and frees it when the first page dies', async () => {
    const first = await openLive();
    const second = await openLive();
    await hold(first.page);
    await waitForText(first.page, HEARD, START_MS);
    await hold(second.page);
    await waitForText(second.page, /somebody else talks/i, START_MS);
    await second.page.mouse.up();
    await first.page.context().close();
    const diedMs = performance.now();
    for (let heard = false; !heard;) {
      expect(performance.now() - diedMs).toBeLessThan(5_000);
      await hold(second.page);
      heard = await waitForText(second.page, HEARD, 1_000).then(
        () => true,
        () => false,
      );
      await second.page.mouse.up();
    }
    await second.page.context().close();
  });
});

describe('steering on the live page', () => {
  it('drives the camera to its end by keys alone, and keeps a position', async () => {
    const { page, errors } = await openLive();
    const pad = page.getByRole('group', { name: /direction/i });
    await pad.getByRole('button', { name: 'Up', exact: true }).focus();
    await page.keyboard.down('ArrowUp');
    expect(
      await pad.getByRole('button', { name: 'Up', exact: true }).getAttribute('aria-pressed'),
    ).toBe('true');
    // 30° at half of 30°/s, repeated before the camera's own limit of 10 s.
    await page.waitForTimeout(2_500);
    await page.keyboard.up('ArrowUp');
    await page.keyboard.down('ArrowUp');
    await waitForText(page, /can go no further/i, START_MS);
    await page.keyboard.up('ArrowUp');
    await page.getByRole('button', { name: 'Keep this position' }).press('Enter');
    await page.getByRole('button', { name: 'Position 1' }).waitFor({ timeout: START_MS });
    expect(errors).toEqual([]);
    await page.context().close();
  });
});

/** The camera's files, once the talk of the page has arrived. */
async function storedTalks(): Promise<string[]> {
  for (let tries = 0; tries < 50; tries++) {
    const names = readdirSync(demo.talkFolder, { withFileTypes: true }).map(({ name }) => name);
    if (names.length > 0) return names.sort();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the camera has stored no talk');
}
