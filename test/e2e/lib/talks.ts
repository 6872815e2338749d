import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './browser';
import { extentOf, pitchOf, readWav, toneOf, writeWav } from './sound';

export const TONE_HZ = 440;
const POLL_MS = 20;
/** A WAV of 16 kHz, 16 bit, as the page sends it. */
const WAV_BYTES_PER_MS = 32;

/** What the browser does to speech would take a tone for noise. */
export const RAW_MICROPHONE = `
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = ({ video }) => open({
    video,
    audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
  });
`;

/** A browser whose microphone hears a tone, and whose camera sees a pattern. */
export async function launchSpeaker(): Promise<{
  readonly browser: Browser;
  readonly close: () => Promise<void>;
}> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'taro-iot-video-tone-'));
  const file = path.join(folder, 'tone.wav');
  // Whole periods, so that the loop has no seam.
  writeFileSync(file, writeWav(toneOf(TONE_HZ, 10)));
  const browser = await launchBrowser([
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    `--use-file-for-fake-audio-capture=${file}`,
  ]);
  const close = async (): Promise<void> => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { browser, close };
}

/** Files of what the camera has heard, oldest first. */
export function storedTalks(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

/**
 * Waits until the camera has stored so much of its next talk.
 * @param known how many talks there were before
 * @returns the file
 */
export async function waitForTalk(folder: string, known: number, ms: number): Promise<string> {
  const deadlineMs = performance.now() + 30_000;
  while (performance.now() < deadlineMs) {
    const name = storedTalks(folder)[known];
    const file = name === undefined ? null : path.join(folder, name);
    if (file !== null && statSync(file).size >= ms * WAV_BYTES_PER_MS) return file;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`the camera has not stored a talk of ${ms} ms`);
}

/** Notes when the text of an element changes; `timesOf` reads it. */
export function noteTexts(page: Page, selector: string): Promise<void> {
  return page.evaluate((wanted) => {
    const texts: { atMs: number; text: string }[] = [];
    (window as unknown as { noted: typeof texts }).noted = texts;
    const look = (): void => {
      const text = document.querySelector(wanted)?.textContent ?? '';
      if (texts.at(-1)?.text !== text) texts.push({ atMs: performance.now(), text });
    };
    look();
    new MutationObserver(look).observe(document.body, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  }, selector);
}

/** How long a text stood there, in ms, the first time. */
export async function timeOf(page: Page, pattern: RegExp): Promise<number> {
  const texts = await page.evaluate<{ atMs: number; text: string }[]>('window.noted');
  const from = texts.findIndex(({ text }) => pattern.test(text));
  return texts[from + 1]!.atMs - texts[from]!.atMs;
}

/** What the camera stored is the tone: height within 1 %, length within 200 ms, no gap over 60 ms. */
export function expectTone(file: string, saidMs: number): void {
  const sound = readWav(readFileSync(file));
  const { soundMs, longestGapMs } = extentOf(sound);
  expect(Math.abs(pitchOf(sound) - TONE_HZ)).toBeLessThan(TONE_HZ / 100);
  expect(Math.abs(soundMs - saidMs)).toBeLessThan(200);
  expect(longestGapMs).toBeLessThan(60);
}
