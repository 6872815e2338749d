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
