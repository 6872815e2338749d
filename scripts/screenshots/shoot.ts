import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';

const FOLDER = path.resolve(__dirname, '../../docs/images');
/** Each picture is drawn smaller until it has at most this size. */
const MAX_BYTES = 250_000;
const MAX_PART_BYTES = 90_000;
const SCALES = [1, 0.75, 0.5, 0.375];

/** The status fades in. */
const FADE_MS = 400;

export interface View {
  readonly viewport: { readonly width: number; readonly height: number };
  readonly colorScheme: 'light' | 'dark';
  /** Default `en-US`. */
  readonly locale?: string;
  /** Only this element of the page (default: all of the viewport). */
  readonly part?: string;
  /** Runs in the page before anything else. */
  readonly init?: () => void;
}

/** Opens an address in a fresh profile, waits until it looks as it should, and keeps its picture. */
export async function take(
  browser: Browser,
  name: string,
  url: string,
  { viewport, colorScheme, locale = 'en-US', part, init }: View,
  ready: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext({
    viewport,
    colorScheme,
    locale,
    deviceScaleFactor: 2,
    // Two runs show the same phase of what pulses and fades.
    reducedMotion: 'reduce',
  });
  try {
    const page = await context.newPage();
    if (init !== undefined) await page.addInitScript(init);
    await page.goto(url);
    await ready(page);
    await keep(browser, name, page, part);
  } finally {
    await context.close();
  }
}

/** Stores what a page, or a part of it, looks like once it stands. */
export async function keep(
  browser: Browser,
  name: string,
  page: Page,
  part?: string,
): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.waitForTimeout(FADE_MS);
  const png = await (part === undefined ? page : page.locator(part)).screenshot();
  const maxBytes = part === undefined ? MAX_BYTES : MAX_PART_BYTES;
  const { bytes, scale } = await shrink(browser, png, maxBytes);
  writeFileSync(path.join(FOLDER, `${name}.png`), bytes);
  console.log(`${name}.png: ${Math.round(bytes.length / 1000)} kB, scale ${scale}`);
}

/** @throws Error when the picture stays too large even at the smallest scale. */
async function shrink(
  browser: Browser,
  png: Buffer,
  maxBytes: number,
): Promise<{ bytes: Buffer; scale: number }> {
  for (const scale of SCALES) {
    const bytes = scale === 1 ? png : await drawAgain(browser, png, scale);
    if (bytes.length <= maxBytes) return { bytes, scale };
  }
  throw new Error(`a picture is larger than ${maxBytes} bytes at every scale`);
}

async function drawAgain(browser: Browser, png: Buffer, scale: number): Promise<Buffer> {
  const page = await browser.newPage();
  try {
    const base64 = await page.evaluate(
      async ({ source, factor }) => {
        const image = new Image();
        image.src = `data:image/png;base64,${source}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        canvas.width = Math.round(image.width * factor);
        canvas.height = Math.round(image.height * factor);
        const context = canvas.getContext('2d')!;
        context.imageSmoothingQuality = 'high';
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL('image/png').split(',')[1]!;
      },
      { source: png.toString('base64'), factor: scale },
    );
    return Buffer.from(base64, 'base64');
  } finally {
    await page.close();
  }
}
