import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startCamera } from '../../agents/camera/camera';
import type { RunningCamera } from '../../agents/camera/camera';
import { Relay } from '../../agents/relay/relay';
import { createNodeHost } from '../../services/host/node';
import { createP2PModule } from '../../services/p2p/module';
import { describeGuide } from './describe-guide';
import type { Subject } from './subject';

const POLL_MS = 5;
const LIMIT_MS = 10_000;
/** Turns of the event loop in which what is under way comes to its end. */
const TURNS = 50;

let relay: Relay;
let camera: RunningCamera;
let dataDirectory: string;

beforeAll(async () => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'conformance-'));
  relay = new Relay({ metrics: false });
  const { url: relayUrl } = await relay.start();
  await new Promise<void>((resolve, reject) => {
    startCamera({
      relayUrl,
      dataDirectory,
      log: pino({ level: 'silent' }),
      onReady: () => resolve(),
      onRelay: () => undefined,
    }).then((running) => {
      camera = running;
    }, reject);
  });
});

afterAll(async () => {
  await camera.close();
  await relay.close();
  rmSync(dataDirectory, { recursive: true });
});

/** Our engine on real sockets, against the camera agent. */
function createSubject(): Promise<Subject> {
  return Promise.resolve({
    module: createP2PModule(createNodeHost()),
    xp2pInfo: camera.description.xp2pInfo,
    device: null,
    initExtra: {},
    nat: null,
    loseDevice: () => {
      throw new Error('the camera agent stays');
    },
    settle: (promise) => promise,
    until,
    pause: async () => {
      for (let i = 0; i < TURNS; i++) await new Promise((resolve) => setImmediate(resolve));
    },
    close: () => undefined,
  });
}

async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + LIMIT_MS;
  while (!condition()) {
    if (Date.now() > limit) throw new Error(`not so after ${LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

describeGuide('the engine and the camera agent on real sockets', {
  create: createSubject,
  lacks: ['device', 'nat', 'lose'],
});
