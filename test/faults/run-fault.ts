import type { Browser } from 'playwright-core';
import type { Demo } from '../e2e/lib/demo';
import { SAYS_MS } from './faults';
import type { Fault, FaultHost, World } from './faults';
import { H5Viewer } from './h5-viewer';
import type { Scene, Viewer } from './viewer';
import { WeappViewer } from './weapp-viewer';

const START_MS = 40_000;
/** A back-off may be part of it. */
const RECOVER_MS = 60_000;
const PICTURES = 15;
/** What playback may be off after a fault: keyframes are 2 s apart. */
const SLACK_S = 3;

export interface Outcome {
  /** From the end of the fault to the picture, or to the message, in ms. */
  readonly tookMs: number;
  readonly said: string;
}

/**
 * Has a fault happen under a page that plays, and waits until the page plays again, or says what is
 * wrong and offers a retry that works.
 * @throws Error telling what the page says when it does neither.
 */
export async function runFault(
  fault: Fault,
  scene: Scene,
  host: FaultHost,
  demo: Demo,
  browser: Browser,
): Promise<Outcome> {
  const open = (): Promise<Viewer> =>
    host === 'h5' ? H5Viewer.open(browser, demo, scene) : WeappViewer.open(demo, scene);
  if (fault.camera !== undefined) await restartCamera(demo, fault.camera);
  const occupant = (await fault.before?.(open)) ?? null;
  await occupant?.frames(PICTURES, START_MS);
  const viewer = await open();
  const world: World = {
    demo,
    scene,
    viewer,
    weapp: () => {
      if (viewer instanceof WeappViewer) return viewer.app;
      throw new Error(`"${fault.name}" is of WeChat's player`);
    },
  };
  try {
    if (fault.happens !== undefined) await viewer.frames(PICTURES, START_MS);
    const before = scene === 'playback' ? await viewer.positionS() : 0;
    const startedMs = performance.now();
    await fault.happens?.(world);
    const overMs = performance.now();
    if (fault.says !== undefined) await viewer.says(fault.says, SAYS_MS);
    if (fault.ends === 'plays') await viewer.frames(PICTURES, RECOVER_MS);
    const outcome = { tookMs: performance.now() - overMs, said: await viewer.text() };
    if (fault.ends === 'message') await tryAgain(fault, world, occupant);
    else if ((await viewer.retries()) > 0) throw new Error(`it plays, and says: ${outcome.said}`);
    if (scene === 'playback' && fault.ends === 'plays') {
      const elapsedS = (performance.now() - startedMs) / 1_000;
      const after = await viewer.positionS();
      if (after < before - SLACK_S || after > before + elapsedS + SLACK_S) {
        throw new Error(`playback was at ${before} s, and is at ${after} s ${elapsedS} s later`);
      }
    }
    if (viewer.errors().length > 0) throw new Error(viewer.errors().join('; '));
    return outcome;
  } finally {
    await viewer.close();
    await occupant?.close();
    await demo.startRelay();
    if (fault.camera !== undefined || fault.lasts) {
      await restartCamera(demo, []);
    }
  }
}

async function tryAgain(fault: Fault, world: World, occupant: Viewer | null): Promise<void> {
  const { viewer } = world;
  const retries = await viewer.retries();
  if (retries !== 1) throw new Error(`${retries} retries are offered: ${await viewer.text()}`);
  if (fault.mend !== undefined) {
    await fault.mend(world, occupant);
    await viewer.retry();
    return viewer.frames(PICTURES, RECOVER_MS);
  }
  await viewer.retry();
  if (fault.lasts) return viewer.says(fault.says!, SAYS_MS);
  return viewer.frames(PICTURES, RECOVER_MS);
}

async function restartCamera(demo: Demo, args: readonly string[]): Promise<void> {
  await demo.killCamera();
  await demo.startCamera(args);
}
