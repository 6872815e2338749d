import type { Logger } from 'pino';
import { createNodeHost } from '../../services/host/node';
import { CameraEndpoint } from '../../services/p2p/endpoint';
import { relayAuthority } from '../../services/p2p/transport';
import { startCameraBody } from './camera-body';
import { redactUrls } from './camera-input';
import { CAMERA_DEFAULTS, MAX_CHANNELS } from './camera-options';
import type { CameraOptions, CameraSettings, RunningCamera } from './camera-options';
import { parseDeviceVersion } from './device-version';
import { findFfmpeg, writesH265 } from './find-ffmpeg';
import type { FfmpegVersion } from './find-ffmpeg';
import { loadIdentity, xp2pInfoOf } from './identity';

export type { CameraDescription, CameraOptions, RunningCamera } from './camera-options';

/** A viewer beyond the limit needs a session too, to be told so. */
const SESSIONS_PER_VIEWER = 4;

type Settings = CameraOptions & CameraSettings;

/**
 * Starts a camera: from then on it stays registered at its relay by itself.
 * @throws Error when it cannot do its work; the message says what to do.
 */
export async function startCamera(options: CameraOptions): Promise<RunningCamera> {
  const { relayUrl, publicRelayUrl = relayUrl, log } = options;
  const settings = withDefaults(options);
  for (const url of [relayUrl, publicRelayUrl]) requireRelayUrl(url);
  const sdkVersion = parseDeviceVersion(settings.deviceVersion);
  const host = options.host ?? createNodeHost();
  const { clock } = host;
  const identity = loadIdentity({
    directory: options.dataDirectory,
    random: host.random,
    rotateSecret: settings.rotateSecret,
    warn: (message) => log.warn(message),
  });
  const { productId, deviceName, accessSecret, privateKey } = identity;
  const name = options.name ?? deviceName;
  const kind = { sdkVersion, flags: settings.pictureStream ? 'm' : '' } as const;
  const xp2pInfo = xp2pInfoOf(identity, publicRelayUrl, kind);
  const description = { xp2pInfo, name, productId, deviceName };

  const ffmpeg = await findFfmpeg(clock);
  requireFfmpeg(settings, ffmpeg);
  const body = await startCameraBody(settings, host, ffmpeg !== null, name);

  const endpoint = new CameraEndpoint(host, {
    privateKey,
    onInternalError: (error) => log.error(error, 'a viewer’s session failed'),
  });
  let ready = false;
  let relayState: string | null = null;
  const listener = endpoint.listen({
    relayUrl,
    accessSecret,
    maxSessions: settings.maxViewers * SESSIONS_PER_VIEWER,
    onRequest: body.onRequest,
    onSessions: (count) => log.debug({ count }, 'sessions'),
    onViewerGone: (peerKey) => body.onViewerGone(Buffer.from(peerKey).toString('hex')),
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
    act: (act) => body.act(act),
    close: async () => {
      body.endStreams();
      listener.close();
      endpoint.close();
      await body.close();
    },
  };
}

function withDefaults(options: CameraOptions): Settings {
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const settings = { ...CAMERA_DEFAULTS, ...given } as Settings;
  const { inputs, channels = inputs.length } = settings;
  if (channels < 1 || channels > MAX_CHANNELS) {
    throw new Error(`--channels must be from 1 to ${MAX_CHANNELS}`);
  }
  if (inputs.length === 0 || inputs.length > channels) {
    throw new Error(`${inputs.length} inputs need at least as many --channels`);
  }
  return settings;
}

/** @throws Error naming the option that needs ffmpeg. Inputs that need it say so themselves. */
function requireFfmpeg(settings: Settings, ffmpeg: FfmpegVersion | null): void {
  const { pictureStream, talkDevice, maxKbps, keepH265, log } = settings;
  if (keepH265 && ffmpeg && !writesH265(ffmpeg)) {
    throw new Error('--keep-h265 needs ffmpeg 6.1 or later; this one would refuse it');
  }
  if (ffmpeg) return;
  if (pictureStream) throw new Error('--picture-stream needs ffmpeg, which is not installed');
  if (talkDevice !== null) throw new Error('--play-talk needs ffmpeg, which is not installed');
  if (maxKbps !== null)
    log.warn('without ffmpeg nothing can be encoded: --max-bitrate is of no use');
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
