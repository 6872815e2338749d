import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Host } from '../../services/host';
import { createNodeHost } from '../../services/host/node';
import { Endpoint } from '../../services/p2p/endpoint';
import { relayAuthority } from '../../services/p2p/transport';
import { redactUrls } from './camera-input';
import type { CameraInput } from './camera-input';
import { prepareClip } from './clip';
import type { Clip } from './clip';
import { ClipSource } from './clip-source';
import { FfmpegSource } from './ffmpeg-source';
import { loadIdentity, xp2pInfoOf } from './identity';
import { LiveHub } from './live-hub';
import type { MediaSource } from './media-source';
import { createRouter } from './router';

export interface CameraOptions {
  /** `ws:` or `wss:` URL at which the camera registers. */
  readonly relayUrl: string;
  /** The URL by which viewers reach that relay, where it is another one. */
  readonly publicRelayUrl?: string;
  /** The folder of the camera's identity. */
  readonly dataDirectory: string;
  /** What people call the camera; by default its device name. */
  readonly name?: string;
  readonly input: CameraInput;
  readonly maxViewers: number;
  /** Makes every xp2pInfo that was given out useless. */
  readonly rotateSecret: boolean;
  readonly log: Logger;
  readonly host?: Host;
  /** The camera is registered for the first time: from now on viewers get through. */
  readonly onReady: (camera: CameraDescription) => void;
  readonly onRelay: (state: 'connecting' | 'registered' | 'lost', detail: string) => void;
}

/** What a viewer needs, and what it shows. */
export interface CameraDescription {
  readonly xp2pInfo: string;
  readonly name: string;
  readonly productId: string;
  readonly deviceName: string;
}

export interface RunningCamera {
  readonly description: CameraDescription;
  close(): Promise<void>;
}

const SAMPLE_CLIP = join(__dirname, 'assets', 'sample.flv');
/** A viewer beyond the limit needs a session too, to be told so. */
const SESSIONS_PER_VIEWER = 4;

/**
 * Starts a camera: from then on it stays registered at its relay by itself.
 * @throws Error when it cannot do its work; the message says what to do.
 */
export async function startCamera(options: CameraOptions): Promise<RunningCamera> {
  const { relayUrl, publicRelayUrl = relayUrl, log, maxViewers } = options;
  for (const url of [relayUrl, publicRelayUrl]) requireRelayUrl(url);
  const host = options.host ?? createNodeHost();
  const identity = loadIdentity({
    directory: options.dataDirectory,
    random: host.random,
    rotateSecret: options.rotateSecret,
    warn: (message) => log.warn(message),
  });
  const { productId, deviceName, accessSecret, privateKey } = identity;
  const name = options.name ?? deviceName;
  const xp2pInfo = xp2pInfoOf(identity, publicRelayUrl);
  const description = { xp2pInfo, name, productId, deviceName };

  const hub = new LiveHub({ clock: host.clock, maxViewers });
  const source = await openSource(options.input, host, log);
  await source.start(hub);

  const endpoint = new Endpoint(host, {
    privateKey,
    onInternalError: (error) => log.error(error, 'a viewer’s session failed'),
  });
  let ready = false;
  let relayState: string | null = null;
  const listener = endpoint.listen({
    relayUrl,
    accessSecret,
    maxSessions: maxViewers * SESSIONS_PER_VIEWER,
    onRequest: createRouter({ name, live: hub }),
    onSessions: (count) => log.debug({ count }, 'sessions'),
    onRelay: (state, detail) => {
      // A relay that is away is lost anew with each attempt to reach it.
      if (state === relayState) return;
      relayState = state;
      options.onRelay(state, detail);
      if (state === 'lost') warnOfLoss(log, detail);
      if (state !== 'registered' || ready) return;
      ready = true;
      options.onReady(description);
    },
  });
  return {
    description,
    close: async () => {
      hub.close();
      listener.close();
      endpoint.close();
      await source.close();
    },
  };
}

async function openSource(input: CameraInput, host: Host, log: Logger): Promise<MediaSource> {
  if (input.kind === 'clip') {
    return new ClipSource(await readSampleClip(), host.clock);
  }
  if (input.kind === 'file' && !existsSync(input.path)) {
    throw new Error(
      `there is no file ${input.path}; --input takes clip, testsrc, a file or rtsp://`,
    );
  }
  return new FfmpegSource({
    input,
    clock: host.clock,
    log: {
      warn: (message) => log.warn(message),
      debug: (message) => log.debug(message),
    },
  });
}

async function readSampleClip(): Promise<Clip> {
  try {
    return prepareClip(await readFile(SAMPLE_CLIP));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `cannot use the bundled clip (${reason}); make it anew with scripts/make-sample-clip.sh`,
      { cause: error },
    );
  }
}

function requireRelayUrl(url: string): void {
  if (relayAuthority(url) !== null) return;
  throw new Error(`"${redactUrls(url)}" is no relay: give its ws:// or wss:// URL`);
}

function warnOfLoss(log: Logger, detail: string): void {
  log.warn(`the relay is lost (${detail}); the camera dials it again by itself`);
  if (!detail.includes('Superseded')) return;
  log.warn('another camera runs with the same identity: give each its own --data');
}
