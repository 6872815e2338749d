import { createHostFileLog } from '@components/file-log';
import { hostLogFiles } from '@components/file-log/host-log-files.weapp';
import type { LogFilesApi } from '@components/file-log/host-log-files.weapp';

const FOLDER = 'wxfile://usr/xp2p/logs';

/** WeChat's user files: appending wants a file that is there, and a folder can be made once. */
function phone() {
  const disk = new Map<string, string>();
  let made = false;
  const api: LogFilesApi = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getFileSystemManager: () => ({
      mkdir: ({ success, fail }) => {
        if (made) return fail({ errMsg: 'mkdir:fail file already exists' });
        made = true;
        success({});
      },
      readdir: ({ success }) =>
        success({ files: [...disk.keys()].map((path) => path.slice(FOLDER.length + 1)) }),
      unlink: ({ filePath, success }) => success(disk.delete(filePath)),
      access: ({ path, success, fail }) =>
        disk.has(path) ? success({}) : fail({ errMsg: 'access:fail no such file' }),
      writeFile: ({ filePath, data, success }) => success(disk.set(filePath, data)),
      appendFile: ({ filePath, data, success, fail }) => {
        const before = disk.get(filePath);
        if (before === undefined) return fail({ errMsg: 'appendFile:fail no such file' });
        success(disk.set(filePath, before + data));
      },
      readFile: ({ filePath, success }) => success({ data: disk.get(filePath)! }),
    }),
  };
  return { api, disk };
}

describe('the log in WeChat’s files', () => {
  const record = (message: string) => ({ level: 'info', scope: 'test', message }) as const;

  it('is kept over runs, the newest files of it, and can be read', async () => {
    const { api, disk } = phone();
    const options = { maxLength: 120, keep: 2 };
    for (let run = 0; run < 3; run++) {
      const fileLog = createHostFileLog(options, hostLogFiles(api))!;
      for (let i = 0; i < 3; i++) {
        fileLog.log(record(`run ${run}, record ${i}`));
        await fileLog.flush();
      }
    }
    expect(disk.size).toBe(2);
    const fileLog = createHostFileLog(options, hostLogFiles(api))!;
    const lines = (await fileLog.read()).trim().split('\n');
    const messages = lines.map((line) => (JSON.parse(line) as { message: string }).message);
    expect(messages.slice(-3)).toEqual(['run 2, record 0', 'run 2, record 1', 'run 2, record 2']);
  });

  it('is none where the host has no files', () => {
    expect(createHostFileLog({}, null)).toBeNull();
  });
});
