import { IotError, XP2PErrorCode } from '@services/errors';
import type { HostFiles } from './files';

/** Hosts without a place for files yet. */
export const hostFiles: HostFiles = {
  pictureExtension: 'png',
  saveSnapshot: () =>
    Promise.reject(
      new IotError({
        code: XP2PErrorCode.HostUnsupported,
        phase: 'player',
        reason: 'unsupported-operation',
        message: 'pictures cannot be saved on this host',
        retryable: false,
      }),
    ),
  createRecording: null,
  exportText: null,
  openSettings: null,
};
