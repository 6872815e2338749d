import { StreamPriority } from '../session';
import type { RequestHead } from './types';

type Target = Pick<RequestHead, 'path' | 'query'>;

/** The order of the design: commands, voice, live, playback, download. */
export function priorityOf(head: Target): StreamPriority {
  switch (head.path) {
    case '/voice':
      return StreamPriority.Voice;
    case '/file':
      return StreamPriority.Download;
    case '/ipc.flv':
      return head.query['action']?.startsWith('playback')
        ? StreamPriority.Playback
        : StreamPriority.Live;
    default:
      return StreamPriority.Command;
  }
}

/**
 * Whether a viewer wants bodies in the clear (seed §startLocalDownload `_crypto`). What is not media
 * is sealed in any case.
 */
export function asksForClear(head: Target): boolean {
  return head.query['_crypto'] === 'off' && priorityOf(head) !== StreamPriority.Command;
}

/**
 * Field of a response's head that grants it with `off`: from here on both bodies travel in clear
 * packets. A request's body is sealed until then.
 */
export const CRYPTO_FIELD = 'p2p-crypto';
