import type { IotError } from '../errors';
import { encodeFlvTag, isKeyframe, isSetUp } from '../media/flv';
import type { FlvTag } from '../media/flv';
import type { XP2PParsedDetail } from '../p2p/module';
import { concat, FlvCache } from './flv-cache';
import type { DeviceStreamEvents } from './types';

interface Subscriber {
  readonly events: DeviceStreamEvents;
  /** Joined when bytes had come already: it is given whole tags, as it does not know where a chunk begins. */
  readonly late: boolean;
  /** Has not had what the cache begins with. */
  needsStart: boolean;
  awaitsKeyframe: boolean;
}

/** One pull that feeds all who asked for the same stream. Private to this folder. */
export class SharedStream<Holder> {
  private readonly subscribers = new Map<Holder, Subscriber>();
  private readonly cache = new FlvCache();
  private requested = false;
  private head: XP2PParsedDetail | null = null;
  private hasBytes = false;
  /** Settles when the module has taken the request. */
  started: Promise<void> = Promise.resolve();

  constructor(readonly params: string) {}

  get isUnused(): boolean {
    return this.subscribers.size === 0;
  }

  get holders(): readonly Holder[] {
    return [...this.subscribers.keys()];
  }

  has(holder: Holder): boolean {
    return this.subscribers.has(holder);
  }

  /** Adds a holder, and tells it what the others know already. */
  join(holder: Holder, events: DeviceStreamEvents): void {
    const late = this.hasBytes;
    const subscriber = { events, late, needsStart: late, awaitsKeyframe: false };
    this.subscribers.set(holder, subscriber);
    if (this.requested) events.onRequest();
    if (this.head !== null) events.onParsed(this.head.status, this.head.headers);
    if (late && this.has(holder)) this.catchUp(subscriber);
  }

  leave(holder: Holder): void {
    this.subscribers.delete(holder);
  }

  onRequest(): void {
    this.requested = true;
    this.each(({ events }) => events.onRequest());
  }

  onParsed({ status, headers }: XP2PParsedDetail): void {
    this.head = { status, headers: headers ?? {} };
    this.each(({ events }) => events.onParsed(status, headers ?? {}));
  }

  onData(chunk: ArrayBuffer): void {
    this.hasBytes = true;
    const tags = this.cache.push(new Uint8Array(chunk));
    const shared = this.subscribers.size > 1;
    this.each((subscriber) => {
      const { events, late } = subscriber;
      if (tags.length > 0) events.onTags?.(tags);
      if (late && this.cache.isFlv) this.passTags(subscriber, tags);
      // Each gets bytes of its own: a chunk belongs to who takes it.
      else events.onData(shared ? chunk.slice(0) : chunk);
    });
  }

  onEnd(): void {
    this.each(({ events }) => events.onEnd());
  }

  onFail(error: IotError): void {
    this.each(({ events }) => events.onFail(error));
  }

  private catchUp(subscriber: Subscriber): void {
    const past = this.cache.catchUp();
    if (past === null) return;
    subscriber.needsStart = false;
    subscriber.awaitsKeyframe = this.cache.awaitsKeyframe;
    subscriber.events.onData(past.buffer);
  }

  private passTags(subscriber: Subscriber, tags: readonly FlvTag[]): void {
    // The cache has these tags, too.
    if (subscriber.needsStart) return this.catchUp(subscriber);
    const passed = tags.filter((tag) => {
      if (isKeyframe(tag)) subscriber.awaitsKeyframe = false;
      return !subscriber.awaitsKeyframe || isSetUp(tag);
    });
    if (passed.length === 0) return;
    subscriber.events.onData(concat(passed.map((tag) => encodeFlvTag(tag))).buffer);
  }

  /** One may leave, or join, while another is told. */
  private each(tell: (subscriber: Subscriber) => void): void {
    for (const [holder, subscriber] of [...this.subscribers]) {
      if (this.subscribers.get(holder) === subscriber) tell(subscriber);
    }
  }
}
