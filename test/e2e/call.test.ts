import type { Browser, Page } from 'playwright-core';
import { decodeComplaints, probe } from '../agents/camera/lib/ffprobe';
import { itWithFfmpeg } from '../lib/ffmpeg';
import { openPage, waitForFrames, waitForText } from './lib/browser';
import { Demo } from './lib/demo';
import {
  expectTone,
  launchSpeaker,
  noteTexts,
  RAW_MICROPHONE,
  storedTalks,
  timeOf,
  waitForTalk,
} from './lib/talks';

const START_MS = 20_000;
const TALK_MS = 2_000;
const TALKING = /you hear each other/i;

let browser: Browser;
let closeBrowser: () => Promise<void>;
let demo: Demo;

beforeAll(async () => {
  // Somebody is at the camera: the test.
  demo = await Demo.start(['--interactive', '--on-call', 'ring']);
  await demo.startPage();
  ({ browser, close: closeBrowser } = await launchSpeaker());
});

afterAll(async () => {
  await closeBrowser?.();
  await demo?.stop();
});

/**
 * AAC in place of the browser's own, which this one may lack: frames of silence, in real time. The
 * picture's encoder is the browser's.
 */
const SILENT_AAC = `
  const FRAME = Uint8Array.of(0x00, 0xc8, 0x00, 0x80, 0x23, 0x80);
  window.AudioEncoder = class {
    static isConfigSupported(config) { return Promise.resolve({ supported: true, config }); }
    constructor({ output }) { Object.assign(this, { output, state: 'unconfigured', sent: 0, samples: 0 }); }
    configure({ sampleRate }) {
      const index = sampleRate === 48000 ? 3 : 4;
      const config = Uint8Array.of(0x10 | (index >> 1), ((index & 1) << 7) | 0x08);
      Object.assign(this, { state: 'configured', sampleRate, config });
    }
    encode({ timestamp, numberOfFrames }) {
      this.startUs ??= timestamp;
      this.samples += numberOfFrames;
      for (; (this.sent + 1) * 1024 <= this.samples; this.sent++) {
        const chunk = {
          timestamp: this.startUs + (this.sent * 1024 * 1e6) / this.sampleRate,
          byteLength: FRAME.length,
          copyTo: (target) => target.set(FRAME),
        };
        this.output(chunk, this.sent > 0 ? {} : { decoderConfig: { description: this.config } });
      }
    }
    close() { this.state = 'closed'; }
  };
`;

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function openLive(): Promise<{ page: Page; errors: string[] }> {
  const { page, errors } = await openPage(browser, demo.liveUrl());
  await page.evaluate(RAW_MICROPHONE);
  await waitForFrames(page, 5, START_MS);
  await button(page, 'Call').waitFor({ timeout: START_MS });
  await noteTexts(page, '.iot-call__note');
  return { page, errors };
}

/** The camera's sound comes out of the page. */
async function waitForSound(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const video = document.querySelector('video') as
        (HTMLVideoElement & { webkitAudioDecodedByteCount: number }) | null;
      const state = window as unknown as { decoded?: number };
      if (video === null || video.muted || video.volume === 0) return false;
      state.decoded ??= video.webkitAudioDecodedByteCount;
      return video.webkitAudioDecodedByteCount > state.decoded;
    },
    undefined,
    { timeout: START_MS },
  );
}

const isMuted = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.querySelector('video')!.muted);

describe('calling on the live page', () => {
  it('rings at the camera, both hear each other, and it is hung up here', async () => {
    const { page, errors } = await openLive();
    const known = storedTalks(demo.talkFolder).length;
    expect(await isMuted(page)).toBe(true);
    await button(page, 'Call').press('Enter');
    await waitForText(page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('answer');
    await waitForText(page, TALKING, START_MS);
    await waitForSound(page);
    const file = await waitForTalk(demo.talkFolder, known, TALK_MS);
    await button(page, 'Hang up').press('Enter');
    await waitForText(page, /the call has ended/i, START_MS);
    await demo.untilCall('idle');
    expectTone(file, await timeOf(page, TALKING));
    expect(await isMuted(page)).toBe(true);
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('rings here when the camera calls, is answered, and hung up at the camera', async () => {
    const { page, errors } = await openLive();
    await demo.typeAtCamera('ring');
    await page
      .getByRole('alert')
      .filter({ hasText: /the camera is calling/i })
      .waitFor({ timeout: START_MS });
    await button(page, 'Answer').press('Enter');
    await waitForText(page, TALKING, START_MS);
    await demo.typeAtCamera('hang-up');
    await waitForText(page, /hung up at the camera/i, START_MS);
    await demo.typeAtCamera('ring');
    await button(page, 'Reject').click({ timeout: START_MS });
    await waitForText(page, /the call has ended/i, START_MS);
    await demo.untilCall('idle');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('is rejected; is busy for a second caller, and free when the first page dies', async () => {
    const first = await openLive();
    await button(first.page, 'Call').click();
    await waitForText(first.page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('reject');
    await waitForText(first.page, /was rejected/i, START_MS);

    const second = await openLive();
    await button(first.page, 'Call').click();
    await waitForText(first.page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('answer');
    await waitForText(first.page, TALKING, START_MS);
    await button(second.page, 'Call').click();
    await waitForText(second.page, /is busy/i, START_MS);
    await first.page.context().close();
    const diedMs = performance.now();
    for (let rings = false; !rings;) {
      expect(performance.now() - diedMs).toBeLessThan(5_000);
      await button(second.page, 'Call').click();
      rings = await waitForText(second.page, /it rings at the camera/i, 1_000).then(
        () => button(second.page, 'Cancel').isVisible(),
        () => false,
      );
    }
    await button(second.page, 'Cancel').click();
    await demo.untilCall('idle');
    await second.page.context().close();
  });

  itWithFfmpeg('sends what the camera of the phone sees, as H.264 that decodes', async () => {
    const { page, errors } = await openPage(browser, 'about:blank');
    await page.addInitScript(SILENT_AAC);
    await page.goto(demo.liveUrl());
    await waitForFrames(page, 5, START_MS);
    const known = storedTalks(demo.talkFolder).length;
    await button(page, 'Video call').click({ timeout: START_MS });
    await waitForText(page, /it rings at the camera/i, START_MS);
    await demo.typeAtCamera('answer');
    await waitForText(page, TALKING, START_MS);
    const preview = page.getByLabel('How you look');
    await preview.evaluate(
      (video: HTMLVideoElement) =>
        new Promise((resolve) => video.requestVideoFrameCallback(resolve)),
    );
    const file = await waitForTalk(demo.talkFolder, known, TALK_MS);
    await button(page, 'Hang up').click();
    await demo.untilCall('idle');
    expect(await preview.count()).toBe(0);
    const { streams } = probe(file);
    expect(streams.map(({ codec_name }) => codec_name).sort()).toEqual(['aac', 'h264']);
    // Upright or not, as the camera gives it.
    expect([480, 640]).toContain(streams.find(({ codec_type }) => codec_type === 'video')?.width);
    expect(decodeComplaints(file)).toBe('');
    expect(errors).toEqual([]);
    await page.context().close();
  });

  it('says where the browser can send sound only', async () => {
    const { page } = await openPage(browser, 'about:blank');
    await page.addInitScript('delete window.AudioEncoder');
    await page.goto(demo.liveUrl());
    await page.getByText(/can send sound only/i).waitFor({ timeout: START_MS });
    expect(await button(page, 'Video call').count()).toBe(0);
    await page.context().close();
  });
});
