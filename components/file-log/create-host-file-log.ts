import { createFileLog, logFileNames } from '@services/log';
import type { FileLogOptions } from '@services/log';
import { hostLogFiles } from './host-log-files';
import type { HostFileLog, HostLogFiles } from './types';

/**
 * The kit's log in files of the host, which are replaced by turns. For development builds: ask
 * `process.env.NODE_ENV` before, and a build for users holds nothing of it.
 *
 * @returns null where the host has no files
 * @example
 * const fileLog = process.env.NODE_ENV === 'development' ? createHostFileLog() : null;
 * <IotVideoProvider config={fileLog === null ? {} : { onLog: fileLog.log }}>
 */
export function createHostFileLog(
  options: Pick<FileLogOptions, 'maxLength' | 'keep'> = {},
  files: HostLogFiles | null = hostLogFiles(),
): HostFileLog | null {
  if (files === null) return null;
  const { log, flush } = createFileLog({ ...options, files, wallMs: () => Date.now() });
  return {
    log,
    flush,
    async read() {
      await flush();
      const texts: string[] = [];
      for (const name of logFileNames(await files.list())) texts.push(await files.read(name));
      return texts.join('');
    },
  };
}
