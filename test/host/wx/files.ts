type Answer = (argument: unknown) => void;

interface Option {
  readonly success?: Answer;
  readonly fail?: Answer;
}

/** WeChat's user files and album: files in memory, an album that takes what is there. */
export function createFiles() {
  const files = new Map<string, Uint8Array>();
  /** What users find in their album, by path, with the bytes that it had. */
  const album: { readonly path: string; readonly bytes: Uint8Array }[] = [];
  const open = new Set<string>();
  const later = (call: (() => void) | undefined): void => void setImmediate(() => call?.());
  const succeed = (option: Option, result: object = {}): void =>
    later(() => option.success?.({ errMsg: 'ok', ...result }));
  const fail = (option: Option, errMsg: string): void => later(() => option.fail?.({ errMsg }));

  const manager = {
    mkdir: (option: Option) => succeed(option),
    readdir: ({ dirPath, ...option }: Option & { readonly dirPath: string }) =>
      succeed(option, {
        files: [...files.keys()]
          .filter((path) => path.startsWith(`${dirPath}/`))
          .map((path) => path.slice(dirPath.length + 1)),
      }),
    unlink: ({ filePath, ...option }: Option & { readonly filePath: string }) => {
      if (files.delete(filePath)) succeed(option);
      else fail(option, `unlink:fail no such file ${filePath}`);
    },
    open: ({ filePath, ...option }: Option & { readonly filePath: string }) => {
      files.set(filePath, new Uint8Array());
      open.add(filePath);
      succeed(option, { fd: filePath });
    },
    write: ({
      fd,
      data,
      position,
      ...option
    }: Option & { readonly fd: string; readonly data: ArrayBuffer; readonly position: number }) => {
      if (!open.has(fd)) return fail(option, 'write:fail bad file descriptor');
      const before = files.get(fd)!;
      const after = new Uint8Array(Math.max(before.length, position + data.byteLength));
      after.set(before);
      after.set(new Uint8Array(data), position);
      files.set(fd, after);
      succeed(option, { bytesWritten: data.byteLength });
    },
    close: ({ fd, ...option }: Option & { readonly fd: string }) => {
      open.delete(fd);
      succeed(option);
    },
    writeFile: ({
      filePath,
      data,
      ...option
    }: Option & { readonly filePath: string; readonly data: ArrayBuffer | string }) => {
      files.set(
        filePath,
        typeof data === 'string' ? Buffer.from(data) : new Uint8Array(data).slice(),
      );
      succeed(option);
    },
    appendFile: ({
      filePath,
      data,
      ...option
    }: Option & { readonly filePath: string; readonly data: string }) => {
      const before = files.get(filePath) ?? new Uint8Array();
      files.set(filePath, Buffer.concat([before, Buffer.from(data)]));
      succeed(option);
    },
  };
  const save = ({ filePath, ...option }: Option & { readonly filePath: string }): void => {
    const bytes = files.get(filePath);
    if (bytes === undefined) return fail(option, `save:fail no such file ${filePath}`);
    album.push({ path: filePath, bytes });
    succeed(option);
  };
  const members: Record<string, unknown> = {
    env: { USER_DATA_PATH: 'wxfile://usr' },
    getFileSystemManager: () => manager,
    saveVideoToPhotosAlbum: save,
    saveImageToPhotosAlbum: save,
  };
  return { files, album, openFiles: open, members };
}
