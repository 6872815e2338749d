import * as fs from 'node:fs';
import { join } from 'node:path';
import type { MiniFileSystem } from '../../../../services/host/mini';

interface Settle<Result> {
  readonly success: (result: Result) => void;
  readonly fail: (result: { readonly errMsg?: string }) => void;
}

/** WeChat's file system manager on a folder of the disk, as its documents describe it. */
export function createDiskFileSystem(root: string): {
  readonly env: { readonly USER_DATA_PATH: string };
  readonly getFileSystemManager: () => MiniFileSystem;
} {
  const settle = <Result>({ success, fail }: Settle<Result>, run: () => Result): void => {
    queueMicrotask(() => {
      let result: Result;
      try {
        result = run();
      } catch (cause) {
        fail({ errMsg: `fail ${String(cause)}` });
        return;
      }
      success(result);
    });
  };
  const statOf = (path: string) => ({
    size: fs.statSync(path).isFile() ? fs.statSync(path).size : 0,
  });
  const manager: MiniFileSystem = {
    mkdir: (o) => settle(o, () => fs.mkdirSync(o.dirPath, { recursive: o.recursive })),
    readdir: (o) => settle(o, () => ({ files: fs.readdirSync(o.dirPath) })),
    stat: (o) =>
      settle(o, () => {
        if (o.recursive !== true || fs.statSync(o.path).isFile()) return { stats: statOf(o.path) };
        const names = fs.readdirSync(o.path, { recursive: true, encoding: 'utf8' });
        return {
          stats: names.map((name) => ({ path: `/${name}`, stats: statOf(join(o.path, name)) })),
        };
      }),
    unlink: (o) => settle(o, () => fs.unlinkSync(o.filePath)),
    writeFile: (o) => settle(o, () => fs.writeFileSync(o.filePath, o.data, o.encoding)),
    open: (o) => settle(o, () => ({ fd: String(fs.openSync(o.filePath, o.flag)) })),
    write: (o) =>
      settle(o, () => ({
        bytesWritten: fs.writeSync(
          Number(o.fd),
          new Uint8Array(o.data, o.offset, o.length),
          0,
          o.length,
          o.position,
        ),
      })),
    ftruncate: (o) => settle(o, () => fs.ftruncateSync(Number(o.fd), o.length)),
    readFile: (o) =>
      settle(o, () => ({
        data: new Uint8Array(
          fs.readFileSync(o.filePath).subarray(o.position, o.position + o.length),
        ).buffer,
      })),
    close: (o) => settle(o, () => fs.closeSync(Number(o.fd))),
  };
  return { env: { USER_DATA_PATH: root }, getFileSystemManager: () => manager };
}
