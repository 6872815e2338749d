import { closeSync, mkdirSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { TalkFile } from './talk-sink';

export interface TalkFolderOptions {
  readonly directory: string;
  /** Files that are kept; beyond it the oldest go. */
  readonly maxFiles: number;
  /** All files together, in bytes; one of them may fill a quarter. */
  readonly maxBytes: number;
  readonly log: { warn(message: string): void };
}

const NAME = /^talk-[\d-]+\.(wav|flv)$/;

/** The folder of what the camera has heard: bounded in number and size. */
export class TalkFolder {
  private serial = 0;

  constructor(private readonly options: TalkFolderOptions) {}

  /** @param wallMs when the talk begins, unix ms. */
  create(extension: 'wav' | 'flv', wallMs: number): TalkFile {
    const { directory, maxBytes, log } = this.options;
    const stamp = new Date(wallMs).toISOString().replace(/\D/g, '').slice(0, 17);
    this.serial++;
    // In the order of their making, also by name.
    const name = `talk-${stamp}-${String(this.serial).padStart(6, '0')}.${extension}`;
    let descriptor: number | null = null;
    try {
      mkdirSync(directory, { recursive: true });
      this.makeRoom();
      descriptor = openSync(join(directory, name), 'wx');
    } catch (error) {
      log.warn(`cannot keep what is said in ${directory} (${codeOf(error)})`);
    }
    return new OpenTalkFile(name, descriptor, Math.floor(maxBytes / 4), log);
  }

  /** Room for one more of the largest size. */
  private makeRoom(): void {
    const { directory, maxFiles, maxBytes } = this.options;
    const files = readdirSync(directory)
      .filter((name) => NAME.test(name))
      .sort()
      .map((name) => ({ name, bytes: statSync(join(directory, name)).size }));
    let total = files.reduce((sum, { bytes }) => sum + bytes, 0);
    let count = files.length;
    for (const { name, bytes } of files) {
      if (count < maxFiles && total <= (maxBytes / 4) * 3) return;
      rmSync(join(directory, name), { force: true });
      count--;
      total -= bytes;
    }
  }
}

class OpenTalkFile implements TalkFile {
  private size = 0;

  constructor(
    readonly name: string,
    private descriptor: number | null,
    private readonly maxBytes: number,
    private readonly log: { warn(message: string): void },
  ) {}

  append(bytes: Uint8Array): void {
    if (this.size + bytes.length > this.maxBytes) {
      if (this.descriptor !== null) this.log.warn(`${this.name} is as long as it may be`);
      this.close();
    }
    this.attempt(bytes, this.size);
    this.size += bytes.length;
  }

  patch(bytes: Uint8Array, at: number): void {
    this.attempt(bytes, at);
  }

  close(): void {
    if (this.descriptor !== null) closeSync(this.descriptor);
    this.descriptor = null;
  }

  private attempt(bytes: Uint8Array, at: number): void {
    if (this.descriptor === null) return;
    try {
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(this.descriptor, bytes, written, bytes.length - written, at + written);
      }
    } catch (error) {
      this.log.warn(`${this.name} ends here (${codeOf(error)})`);
      this.close();
    }
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}
