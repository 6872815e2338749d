import { albumDenied } from '@components/player-view';
import { WeappRecording } from '@components/player-view/weapp-recording';
import type { RecordingFileSystem, WeappMedia } from '@components/player-view/weapp-recording';
import { encodeFlvHeader, encodeFlvTag } from '@services/media/flv';
import { StreamRecorder, StreamTap } from '@services/recorder';

const FOLDER = 'wxfile://usr/xp2p/records';

interface Manners {
  readonly writeFails?: boolean;
  readonly container?: 'works' | 'fails' | 'absent';
  readonly albumFails?: string;
}

/** A disk of byte arrays, and an album of paths. */
function phone({ writeFails = false, container = 'absent', albumFails }: Manners = {}) {
  const disk = new Map<string, Uint8Array>([[`${FOLDER}/older-0.flv`, new Uint8Array(9)]]);
  const album: string[] = [];
  const open = new Set<string>();
  const fs: RecordingFileSystem = {
    mkdir: ({ fail }) => fail({ errMsg: 'mkdir:fail file already exists' }),
    readdir: ({ success }) =>
      success({ files: [...disk.keys()].map((path) => path.slice(FOLDER.length + 1)) }),
    unlink: ({ filePath, success }) => success(void disk.delete(filePath)),
    open: ({ filePath, success }) => {
      disk.set(filePath, new Uint8Array());
      open.add(filePath);
      success({ fd: filePath });
    },
    write: ({ fd, data, position, success, fail }) => {
      if (writeFails)
        return fail({ errMsg: 'writeFile:fail the maximum size of the file storage' });
      const before = disk.get(fd)!;
      const after = new Uint8Array(Math.max(before.length, position + data.byteLength));
      after.set(before);
      after.set(new Uint8Array(data), position);
      disk.set(fd, after);
      success({ bytesWritten: data.byteLength });
    },
    close: ({ fd, success }) => success(void open.delete(fd)),
  };
  const api: WeappMedia = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getFileSystemManager: () => fs,
    saveVideoToPhotosAlbum: ({ filePath, success, fail }) => {
      if (albumFails !== undefined) fail({ errMsg: albumFails });
      else success(void album.push(filePath));
    },
    ...(container !== 'absent' && {
      createMediaContainer: () => ({
        extractDataSource: ({ success, fail }) =>
          container === 'works'
            ? success({ tracks: [{ kind: 'video' }] })
            : fail({ errMsg: 'extract:fail' }),
        addTrack: () => undefined,
        export: ({ success }) => success({ tempFilePath: 'wxfile://tmp/a.mp4' }),
        destroy: () => undefined,
      }),
    }),
  };
  return { api, disk, album, open, manners: { writeFails } };
}

const allow = (): Promise<void> => Promise.resolve();

async function record(store: WeappRecording, frames = 3): Promise<void> {
  const tap = new StreamTap();
  const recorder = new StreamRecorder(tap, { openFile: (index) => store.openFile(index) });
  tap.push(encodeFlvHeader({ hasAudio: false, hasVideo: true }));
  for (let i = 0; i < frames; i++) {
    const data = Uint8Array.from([i === 0 ? 0x17 : 0x27, 1, 0, 0, 0, i]);
    tap.push(encodeFlvTag({ type: 'video', timestampMs: i * 40, data }));
  }
  await recorder.stop();
}

describe('a recording in WeChat', () => {
  it('is a whole FLV file that begins with what its head says in the end', async () => {
    const { api, disk, open } = phone();
    const store = new WeappRecording(api, allow);
    await record(store);
    expect(disk.has(`${FOLDER}/older-0.flv`)).toBe(false);
    const [bytes] = [...disk.values()];
    expect(String.fromCharCode(...bytes!.subarray(0, 3))).toBe('FLV');
    // The head tells the duration, which is known only at the end.
    const metadata = new TextDecoder('latin1').decode(bytes);
    const at = metadata.indexOf('duration') + 'duration'.length + 1;
    expect(new DataView(bytes!.buffer).getFloat64(at)).toBeCloseTo(0.08);
    expect(open.size).toBe(0);
  });

  it('goes to the album as it is where there is nothing that makes an MP4 of it', async () => {
    const { api, album, disk } = phone({ container: 'fails' });
    const store = new WeappRecording(api, allow);
    await record(store);
    await store.save();
    expect(album).toEqual([expect.stringMatching(/records\/.*-0\.flv$/)]);
    store.discard();
    expect([...disk.keys()]).toEqual([]);
  });

  it('goes to the album as an MP4 where WeChat makes one', async () => {
    const { api, album } = phone({ container: 'works' });
    const store = new WeappRecording(api, allow);
    await record(store);
    await store.save();
    expect(album).toEqual(['wxfile://tmp/a.mp4']);
    // Asked again, nothing is saved twice.
    await store.save();
    expect(album).toHaveLength(1);
  });

  it('stays on the phone where the album is refused, until it is given up', async () => {
    const { api, disk } = phone();
    const store = new WeappRecording(api, () => Promise.reject(albumDenied('refused')));
    await record(store);
    await expect(store.save()).rejects.toMatchObject({ reason: 'album-denied' });
    expect(disk.size).toBe(1);
    // Another player's recording leaves it alone.
    await record(new WeappRecording(api, allow));
    expect(disk.size).toBe(2);
    store.discard();
    expect(disk.size).toBe(1);
  });

  it('knows a user who closes the album’s question from a failure', async () => {
    const { api } = phone({ albumFails: 'saveVideoToPhotosAlbum:fail cancel' });
    const store = new WeappRecording(api, allow);
    await record(store);
    await expect(store.save()).rejects.toMatchObject({ reason: 'cancelled' });
  });

  it('says at its end that the phone was full', async () => {
    const { api, open } = phone({ writeFails: true });
    const store = new WeappRecording(api, allow);
    await expect(record(store)).rejects.toMatchObject({
      reason: 'save-failed',
      message: expect.stringContaining('maximum size'),
    });
    expect(open.size).toBe(0);
  });
});
