import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, messageOf } from './card-fs';
import type { CardFs } from './card-fs';
import { formatEventName, parseEventName } from './event-name';
import type { CardEvent } from './event-name';
import type { CardLog } from './types';

export interface EventStoreOptions {
  readonly directory: string;
  readonly fs: CardFs;
  readonly log: CardLog;
  /** Pictures together, in bytes; beyond it the oldest events go. */
  readonly maxBytes: number;
}

/** Of a channel. */
const MAX_EVENTS = 5_000;
/** A picture that is being written has this behind its name. */
const UNFINISHED = '.tmp';

/**
 * What the camera noticed, a file for each: its name tells when and for how long, its content is a
 * picture of it. So it outlasts a loss of power as the recordings do.
 */
export class EventStore {
  private readonly channels = new Map<number, CardEvent[]>();
  private usedBytes = 0;

  constructor(private readonly options: EventStoreOptions) {}

  /** @throws the system's error when a folder cannot be read. */
  async load(channel: number): Promise<void> {
    const { fs } = this.options;
    const folder = this.folderOf(channel);
    const events: CardEvent[] = [];
    for (const fileName of await fs.readdir(folder)) {
      if (fileName.endsWith(UNFINISHED)) await this.delete(channel, fileName);
      const name = parseEventName(fileName);
      if (name === null) continue;
      const bytes = name.hasPicture ? (await fs.stat(join(folder, fileName))).size : 0;
      const { startMs, durationMs } = name;
      events.push({ channel, startMs, durationMs, fileName, bytes });
    }
    events.sort((a, b) => a.startMs - b.startMs);
    this.channels.set(channel, events);
    this.usedBytes += events.reduce((sum, { bytes }) => sum + bytes, 0);
    await this.makeRoom();
  }

  /** Keeps an event; one of the same time and length replaces it. @throws the system's error. */
  async add(
    channel: number,
    span: { readonly startMs: number; readonly durationMs: number },
    picture: Uint8Array | null,
  ): Promise<void> {
    const { fs } = this.options;
    const { startMs, durationMs } = span;
    const bytes = picture?.length ?? 0;
    const fileName = formatEventName(startMs, durationMs, bytes > 0);
    const path = join(this.folderOf(channel), fileName);
    const handle = await fs.open(path + UNFINISHED, 'w');
    try {
      if (picture !== null) await handle.writeFile(picture);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await fs.rename(path + UNFINISHED, path);
    const events = this.of(channel);
    const known = events.findIndex((event) => event.fileName === fileName);
    if (known >= 0) this.usedBytes -= events.splice(known, 1)[0]!.bytes;
    const at = events.findIndex((event) => event.startMs > startMs);
    events.splice(at < 0 ? events.length : at, 0, {
      ...{ channel, startMs, durationMs, fileName, bytes },
    });
    this.usedBytes += bytes;
    await this.makeRoom();
  }

  /** The events that have a part in a time, in unix ms, in order. */
  between(channel: number, startMs: number, endMs: number): readonly CardEvent[] {
    return this.of(channel).filter(
      (event) => event.startMs < endMs && event.startMs + event.durationMs > startMs,
    );
  }

  /** Looks a picture up by its name; names are never made into paths. */
  find(channel: number, fileName: string): CardEvent | null {
    const named = (event: CardEvent): boolean => event.fileName === fileName && event.bytes > 0;
    return this.of(channel).find(named) ?? null;
  }

  /** @throws the system's error. */
  open({ channel, fileName }: CardEvent): Promise<FileHandle> {
    return this.options.fs.open(join(this.folderOf(channel), fileName), 'r');
  }

  /** Forgets what lies before a channel's oldest recording, in unix ms. */
  async dropBefore(channel: number, ms: number): Promise<void> {
    const events = this.of(channel);
    while (events.length > 0 && events[0]!.startMs + events[0]!.durationMs <= ms) {
      await this.drop(events);
    }
  }

  private async makeRoom(): Promise<void> {
    for (const events of this.channels.values()) {
      while (events.length > MAX_EVENTS) await this.drop(events);
    }
    while (this.usedBytes > this.options.maxBytes) {
      const fullest = [...this.channels.values()].sort((a, b) => b.length - a.length)[0];
      if (fullest === undefined || fullest.length === 0) return;
      await this.drop(fullest);
    }
  }

  /** Deletes the oldest one. */
  private async drop(events: CardEvent[]): Promise<void> {
    const { channel, fileName, bytes } = events.shift()!;
    this.usedBytes -= bytes;
    await this.delete(channel, fileName);
  }

  private async delete(channel: number, fileName: string): Promise<void> {
    try {
      await this.options.fs.unlink(join(this.folderOf(channel), fileName));
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      this.options.log.warn(`cannot delete ${fileName}: ${messageOf(error)}`);
    }
  }

  private of(channel: number): CardEvent[] {
    let events = this.channels.get(channel);
    if (events === undefined) this.channels.set(channel, (events = []));
    return events;
  }

  private folderOf(channel: number): string {
    return join(this.options.directory, `channel-${channel}`);
  }
}
