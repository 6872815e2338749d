import { IotError, XP2PErrorCode } from '@services/errors';
import type Mpegts from 'mpegts.js';
import type { MpegtsModule } from './load-mpegts';

/** DOMException codes of `addSourceBuffer`. */
const NOT_SUPPORTED_ERR = 9;

export function mediaUnsupported(message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'player',
    reason: 'media-unsupported',
    message,
    retryable: false,
    cause,
  });
}

export function mediaBroken(message: string, cause?: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.StreamFailed,
    phase: 'player',
    reason: 'media-broken',
    message,
    retryable: true,
    cause,
  });
}

export function playerLoadFailed(cause: unknown): IotError {
  return new IotError({
    code: XP2PErrorCode.LocalServerFailed,
    phase: 'player',
    reason: 'player-load-failed',
    message: 'the player’s code could not be loaded',
    retryable: true,
    cause,
  });
}

/** The player plugin could not be made ready, or failed for a reason of its own. */
export function pluginFailed(message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.LocalServerFailed,
    phase: 'player',
    reason: 'player-load-failed',
    message,
    retryable: true,
  });
}

/** The tag stays silent: the app does not know it, or the plugin could not be loaded. */
export function playerMissing(waitedMs: number, tag = 'p2p-player'): IotError {
  return pluginFailed(
    `<${tag}> fired no playerReady within ${waitedMs} ms: the app's build needs ` +
      `plugins: ['taro-iot-video/taro-plugin'], and the mini-program the approved P2P-Player plugin`,
  );
}

/** The system has closed the plugin's local server, as it does in the background. */
export function localServerLost(detail: string): IotError {
  return new IotError({
    code: XP2PErrorCode.LocalServerFailed,
    phase: 'player',
    reason: 'local-server-lost',
    message: `the player's local server is gone: ${detail}`,
    retryable: true,
  });
}

export function microphoneDenied(detail: string): IotError {
  return new IotError({
    code: XP2PErrorCode.HostUnsupported,
    phase: 'player',
    reason: 'microphone-denied',
    message: `the system denies WeChat the microphone, which this mode needs: ${detail}`,
    retryable: false,
  });
}

/** Translates an `ERROR` event of mpegts.js. */
export function mpegtsError(
  { ErrorDetails }: MpegtsModule,
  detail: string,
  info: Partial<Mpegts.LoaderErrorMessage> | undefined,
  codec: string | null,
): IotError {
  const what = `${detail}${info?.msg === undefined ? '' : `: ${info.msg}`}`;
  const unsupported =
    detail === ErrorDetails.MEDIA_CODEC_UNSUPPORTED ||
    detail === ErrorDetails.MEDIA_FORMAT_UNSUPPORTED ||
    (detail === ErrorDetails.MEDIA_MSE_ERROR && info?.code === NOT_SUPPORTED_ERR);
  return unsupported
    ? mediaUnsupported(`${what} (codec ${codec ?? 'unknown'})`, info)
    : mediaBroken(what, info);
}
