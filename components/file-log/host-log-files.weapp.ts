import type { HostLogFiles } from './types';

interface Settle<Result> {
  readonly success: (result: Result) => void;
  readonly fail: (error: { readonly errMsg?: string }) => void;
}

interface LogFileSystem {
  mkdir(options: { dirPath: string; recursive: boolean } & Settle<unknown>): void;
  readdir(options: { dirPath: string } & Settle<{ files: readonly string[] }>): void;
  unlink(options: { filePath: string } & Settle<unknown>): void;
  access(options: { path: string } & Settle<unknown>): void;
  writeFile(options: { filePath: string; data: string; encoding: 'utf8' } & Settle<unknown>): void;
  appendFile(options: { filePath: string; data: string; encoding: 'utf8' } & Settle<unknown>): void;
  readFile(options: { filePath: string; encoding: 'utf8' } & Settle<{ data: string }>): void;
}

/** What is used of `wx`. */
export interface LogFilesApi {
  readonly env: { readonly USER_DATA_PATH: string };
  getFileSystemManager(): LogFileSystem;
}

declare const wx: LogFilesApi;

/** The mini-program's user files. */
export function hostLogFiles(api: LogFilesApi = wx): HostLogFiles {
  const fs = api.getFileSystemManager();
  const folder = `${api.env.USER_DATA_PATH}/xp2p/logs`;
  const path = (name: string): string => `${folder}/${name}`;
  return {
    async list() {
      // It fails where the folder is there.
      await call((settle) => fs.mkdir({ dirPath: folder, recursive: true, ...settle })).catch(
        () => undefined,
      );
      const { files } = await call<{ files: readonly string[] }>((settle) =>
        fs.readdir({ dirPath: folder, ...settle }),
      );
      return files;
    },
    async append(name, data) {
      const filePath = path(name);
      const there = await call((settle) => fs.access({ path: filePath, ...settle })).then(
        () => true,
        () => false,
      );
      // `appendFile` wants a file that is there.
      await call((settle) => {
        const options = { filePath, data, encoding: 'utf8' as const, ...settle };
        if (there) fs.appendFile(options);
        else fs.writeFile(options);
      });
    },
    async remove(name) {
      await call((settle) => fs.unlink({ filePath: path(name), ...settle })).catch(() => undefined);
    },
    async read(name) {
      const { data } = await call<{ data: string }>((settle) =>
        fs.readFile({ filePath: path(name), encoding: 'utf8', ...settle }),
      );
      return data;
    },
  };
}

function call<Result>(run: (settle: Settle<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) =>
    run({
      success: resolve,
      fail: ({ errMsg = 'no reason given' }) => reject(new Error(errMsg)),
    }),
  );
}
