import type { HostFiles, RecordingFormat, RecordingStore } from './files';
import { MemoryFile } from './memory-file';
import { saveFailed } from './view-errors';

/** A browser begins a download soon after the click; until then the bytes must be there, in ms. */
const KEEP_URL_MS = 60_000;

/** The browser: pictures and recordings become downloads. */
export const hostFiles: HostFiles = {
  pictureExtension: 'png',
  saveSnapshot(snapshot, name) {
    if (snapshot.kind !== 'blob') return Promise.reject(saveFailed('there are no bytes to save'));
    download(snapshot.blob, name);
    return Promise.resolve();
  },
  createRecording: (format) => new MemoryRecording(format),
  exportText(text, name) {
    download(new Blob([text], { type: 'application/json' }), name);
    return Promise.resolve();
  },
  openSettings: null,
};

class MemoryRecording implements RecordingStore {
  private files: MemoryFile[] = [];

  constructor(private readonly format: RecordingFormat) {}

  openFile(): MemoryFile {
    const file = new MemoryFile();
    this.files.push(file);
    return file;
  }

  async save(nameOf: (index: number, extension: string) => string): Promise<void> {
    for (const [index, file] of this.files.entries()) {
      const mp4 = this.format === 'mp4' ? await toMp4(file) : null;
      if (mp4 !== null) download(mp4, nameOf(index, 'mp4'));
      else download(new Blob(file.pieces, { type: 'video/x-flv' }), nameOf(index, 'flv'));
    }
  }

  discard(): void {
    this.files = [];
  }
}

/** @returns null where MP4 cannot carry it, or what makes it cannot be loaded: FLV always can. */
async function toMp4(file: MemoryFile): Promise<Blob | null> {
  try {
    const { remuxToMp4 } = await import('./remux-to-mp4');
    const bytes = await remuxToMp4(file.pieces);
    return bytes === null ? null : new Blob([bytes], { type: 'video/mp4' });
  } catch {
    return null;
  }
}

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), KEEP_URL_MS);
}
