import { MjpgPicture } from '@components/player-surface/mjpg-picture';
import type { MjpgPlayerContext } from '@components/player-surface/mjpg-player';
import Taro from '@tarojs/taro';

type WriteFile = Parameters<ReturnType<typeof Taro.getFileSystemManager>['writeFile']>[0];

jest.mock('@tarojs/taro', () => ({
  __esModule: true,
  default: { env: { USER_DATA_PATH: 'wxfile://usr' }, getFileSystemManager: jest.fn() },
}));

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9).buffer;
const written: WriteFile[] = [];

function files(write: (option: WriteFile) => void): void {
  written.length = 0;
  (Taro.getFileSystemManager as jest.Mock).mockReturnValue({
    writeFile: (option: WriteFile) => {
      written.push(option);
      write(option);
    },
  });
}

const context: MjpgPlayerContext = { snapshot: ({ success }) => success({ data: JPEG }) };

describe('MjpgPicture', () => {
  it('makes the bytes of a snapshot a file', async () => {
    files(({ success }) => success?.({ errMsg: 'ok' }));
    const path = 'wxfile://usr/iot-snapshot.jpg';
    expect(await new MjpgPicture(() => context).snapshot()).toEqual({ kind: 'file', path });
    expect(written.map(({ filePath, data }) => [filePath, data])).toEqual([[path, JPEG]]);
  });

  it('tells why there is none', async () => {
    files(({ fail }) => fail?.({ errMsg: 'no space' }));
    const failed = (of: MjpgPlayerContext | null) => new MjpgPicture(() => of).snapshot();
    await expect(failed(context)).rejects.toMatchObject({ reason: 'snapshot-failed' });
    await expect(failed(null)).rejects.toMatchObject({ reason: 'snapshot-failed' });
    const refusing: MjpgPlayerContext = { snapshot: ({ fail }) => fail({ errMsg: 'none yet' }) };
    await expect(failed(refusing)).rejects.toThrow('none yet');
  });
});
