import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Card } from '../../../../agents/camera/card';
import type { CardOptions, Recorder } from '../../../../agents/camera/card';
import { nodeFs } from '../../../../agents/camera/card/card-fs';
import type { CardFs } from '../../../../agents/camera/card/card-fs';
import { FlvReader, metadataTag } from '../../../../services/media/flv';
import type { FlvTag } from '../../../../services/media/flv';
import {
  aacFrame,
  aacSequenceHeader,
  avcFrame,
  avcSequenceHeader,
} from '../../../services/media/flv/flv-samples';
import { ManualClock } from '../../manual-clock';
import { FakeResponse } from '../fake-response';

/** A clock whose wall time can be set. */
export class SettableClock extends ManualClock {
  wallStepMs = 0;

  override wallMs(): number {
    return super.wallMs() + this.wallStepMs;
  }
}

/** A response that tells when there is room again. */
export class DrainingResponse extends FakeResponse {
  override drain(bytes?: number): void {
    super.drain(bytes);
    this.onDrain?.();
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks);
  }

  get frames(): string[] {
    return this.tags.filter(isFrame).map(({ type, timestampMs }) => `${type} ${timestampMs}`);
  }
}

export function isFrame({ type, data }: FlvTag): boolean {
  return type !== 'script' && data[1] === 1;
}

/** Steps of the source: a picture, a keyframe each second, and sound. */
export const STEP_MS = 100;

/** Counts what the disk has still to do. */
class WatchedDisk {
  private pending = 0;
  /** Files that nobody has closed yet. */
  readonly openFiles = new Set<object>();

  readonly fs: CardFs = {
    mkdir: this.watch(nodeFs.mkdir) as CardFs['mkdir'],
    open: this.watch(async (...args: Parameters<CardFs['open']>) => {
      const handle = await nodeFs.open(...args);
      handle.read = this.watch(handle.read.bind(handle));
      this.openFiles.add(handle);
      const close = handle.close.bind(handle);
      handle.close = this.watch(async () => {
        await close();
        this.openFiles.delete(handle);
      });
      return handle;
    }),
    readdir: this.watch(nodeFs.readdir) as CardFs['readdir'],
    readFile: this.watch(nodeFs.readFile) as CardFs['readFile'],
    utimes: this.watch(nodeFs.utimes),
    rename: this.watch(nodeFs.rename),
    stat: this.watch(nodeFs.stat) as CardFs['stat'],
    unlink: this.watch(nodeFs.unlink),
  };

  /** Resolves when everybody has what they wanted of it, and wants no more at present. */
  async idle(): Promise<void> {
    for (let quiet = 0; quiet < 3; quiet = this.pending > 0 ? 0 : quiet + 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private watch<A extends unknown[], T>(
    task: (...args: A) => Promise<T>,
  ): (...args: A) => Promise<T> {
    return async (...args) => {
      this.pending++;
      try {
        return await task(...args);
      } finally {
        this.pending--;
      }
    };
  }
}

/** A card in a folder of its own, and a source whose every frame tells its number. */
export class CardRig {
  readonly directory = join(mkdtempSync(join(tmpdir(), 'card-')), 'card');
  readonly clock = new SettableClock();
  readonly log: string[] = [];
  readonly disk = new WatchedDisk();
  private readonly cards: Card[] = [];
  private sourceMs = 5_000;
  private step = 0;

  async open(options: Partial<CardOptions> = {}): Promise<Card> {
    const { directory, clock } = this;
    const log = {
      warn: (message: string) => void this.log.push(`warn: ${message}`),
      info: (message: string) => void this.log.push(`info: ${message}`),
    };
    const card = await Card.open({
      ...{ directory, clock, log, timeZone: 'UTC', segmentMs: 3_000, fs: this.disk.fs },
      ...options,
    });
    this.cards.push(card);
    return card;
  }

  begin(recorder: Recorder, level?: number): void {
    recorder.onHeader({ hasAudio: true, hasVideo: true });
    recorder.onTag(metadataTag({ width: 640, height: 360 }));
    recorder.onTag(avcSequenceHeader(0, level));
    recorder.onTag(aacSequenceHeader());
    this.step = 0;
  }

  /** Lets the source yield for a time, a multiple of `STEP_MS`; the first frame is a keyframe. */
  run(recorder: Recorder, ms: number, bytes = 50): void {
    for (let i = 0; i < ms / STEP_MS; i++) {
      const frame = avcFrame(this.sourceMs, this.step % 10 === 0, bytes);
      new DataView(frame.data.buffer).setUint32(5, this.step);
      recorder.onTag(frame);
      recorder.onTag(aacFrame(this.sourceMs));
      this.step++;
      this.sourceMs += STEP_MS;
      this.clock.advance(STEP_MS);
    }
  }

  /** Nothing comes from the source for a while. */
  pass(ms: number): void {
    this.sourceMs += ms;
    this.step = 0;
    this.clock.advance(ms);
  }

  /** Unix seconds at present, rounded down. */
  get nowS(): number {
    return Math.floor(this.clock.wallMs() / 1000);
  }

  /** A range with everything in it. */
  get all(): { channel: number; startS: number; endS: number } {
    return { channel: 0, startS: this.nowS - 10 * 86_400, endS: this.nowS + 10 * 86_400 };
  }

  folder(channel = 0): string {
    return join(this.directory, `channel-${channel}`);
  }

  async names(channel = 0): Promise<string[]> {
    return (await readdir(this.folder(channel))).sort();
  }

  async tagsOf(name: string, channel = 0): Promise<readonly FlvTag[]> {
    const { tags, error } = new FlvReader().push(await readFile(join(this.folder(channel), name)));
    if (error) throw error;
    return tags;
  }

  async close(): Promise<void> {
    for (const card of this.cards) await card.close();
    await this.disk.idle();
    expect(this.disk.openFiles.size).toBe(0);
    rmSync(join(this.directory, '..'), { recursive: true, force: true });
  }
}

/** Waits for something that the disk is still doing. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not come about within 10 s');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
