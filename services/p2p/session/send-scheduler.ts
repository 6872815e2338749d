import type { Stream } from './stream';

/** Streams with something to send: by priority, and in turn within one. */
export class SendScheduler {
  private readonly queues: Stream[][] = [[], [], [], [], []];
  private readonly queued = new Set<Stream>();

  get isEmpty(): boolean {
    return this.queued.size === 0;
  }

  add(stream: Stream): void {
    if (this.queued.has(stream)) return;
    this.queued.add(stream);
    this.queues[stream.priority]!.push(stream);
  }

  /** A copy, so that the caller may settle streams as it goes. */
  inOrder(): Stream[] {
    return this.queues.flat();
  }

  /** After a stream was offered room: drops it when it is done, else puts it behind its equals. */
  settle(stream: Stream): void {
    if (stream.wantsSend) this.rotate(stream);
    else this.remove(stream);
    stream.afterSend();
  }

  remove(stream: Stream): void {
    if (!this.queued.delete(stream)) return;
    for (const queue of this.queues) {
      const index = queue.indexOf(stream);
      if (index >= 0) queue.splice(index, 1);
    }
  }

  clear(): void {
    this.queued.clear();
    for (const queue of this.queues) queue.length = 0;
  }

  private rotate(stream: Stream): void {
    const queue = this.queues[stream.priority]!;
    if (queue[queue.length - 1] === stream) return;
    // The priority may have changed since the stream was queued.
    this.remove(stream);
    this.add(stream);
  }
}
