import type { HostLogFiles } from './types';

const FOLDER = 'iot-video-log';

/** The page's private file system; null in browsers without one that can be written. */
export function hostLogFiles(): HostLogFiles | null {
  const can =
    typeof navigator.storage?.getDirectory === 'function' &&
    typeof FileSystemFileHandle !== 'undefined' &&
    'createWritable' in FileSystemFileHandle.prototype;
  return can ? new OpfsLogFiles() : null;
}

class OpfsLogFiles implements HostLogFiles {
  private readonly folder = navigator.storage
    .getDirectory()
    .then((root) => root.getDirectoryHandle(FOLDER, { create: true }));

  async list(): Promise<readonly string[]> {
    const names: string[] = [];
    const entries = (await this.folder) as unknown as AsyncIterable<[string, FileSystemHandle]>;
    for await (const [name] of entries) names.push(name);
    return names;
  }

  async append(name: string, text: string): Promise<void> {
    const handle = await (await this.folder).getFileHandle(name, { create: true });
    const { size } = await handle.getFile();
    const writer = await handle.createWritable({ keepExistingData: true });
    await writer.write({ type: 'write', position: size, data: text });
    await writer.close();
  }

  async remove(name: string): Promise<void> {
    // Another page of the app may have been quicker.
    await (await this.folder).removeEntry(name).catch(() => undefined);
  }

  async read(name: string): Promise<string> {
    const handle = await (await this.folder).getFileHandle(name);
    return (await handle.getFile()).text();
  }
}
