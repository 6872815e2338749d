import type { FileHandle } from 'node:fs/promises';
import { errorCode } from './card-fs';
import type { CardStore } from './card-store';
import type { Segment, SegmentCause } from './segment';

const NO_SPACE = ['ENOSPC', 'EDQUOT'];

/** Whether a system's error says that the disk is full. */
export function isNoSpace(error: unknown): boolean {
  return NO_SPACE.includes(errorCode(error));
}

/** Writes one channel's segments, one after the other. What it throws are the system's errors. */
export class SegmentWriter {
  private segment: Segment | null = null;
  private handle: FileHandle | null = null;
  private position = 0;

  constructor(
    private readonly store: CardStore,
    private readonly channel: number,
  ) {}

  /** The segment that is being written. */
  get current(): Segment | null {
    return this.segment;
  }

  async begin(startMs: number, cause: SegmentCause, head: Uint8Array): Promise<void> {
    // Its end was dropped when the disk was too slow.
    if (this.segment) await this.finish(this.segment.endMs);
    const begun = await this.withRoom(() => this.store.begin(this.channel, startMs, cause));
    this.segment = begun.segment;
    this.handle = begun.handle;
    this.position = 0;
    await this.append(begun.handle, head);
  }

  /**
   * Adds whole tags; once it resolves they outlast a loss of power.
   * @param lastMs the latest of their times within the segment.
   */
  async write(bytes: Uint8Array, lastMs: number): Promise<void> {
    const { segment, handle } = this;
    if (!segment || !handle) return;
    await this.append(handle, bytes);
    await this.withRoom(() => handle.datasync());
    this.store.grow(segment, this.position, segment.startMs + lastMs);
  }

  async finish(endMs: number): Promise<void> {
    const { segment, handle } = this;
    if (!segment || !handle) return;
    if (segment.bytes > 0) await this.store.finish(segment, handle, endMs);
    else {
      await handle.close();
      await this.store.salvage(segment);
    }
    this.segment = null;
    this.handle = null;
  }

  /** Leaves the segment as it is, for `CardStore.salvage`. */
  async abandon(): Promise<Segment | null> {
    const { segment, handle } = this;
    this.segment = null;
    this.handle = null;
    await handle?.close().catch(() => undefined);
    return segment;
  }

  private async append(handle: FileHandle, bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      // At a given place, so that a try after a failure overwrites what the first one left.
      const at = this.position + done;
      const { bytesWritten } = await this.withRoom(() =>
        handle.write(bytes, done, bytes.length - done, at),
      );
      done += bytesWritten;
    }
    this.position += bytes.length;
  }

  /** A full disk is full of our own files, mostly. */
  private async withRoom<T>(task: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await task();
      } catch (error) {
        if (!isNoSpace(error) || !(await this.store.deleteOldest())) throw error;
      }
    }
  }
}
