import { LiveStream } from './live-stream';
import type { LiveStreamOptions } from './live-stream';
import { alreadyRunning } from './module-errors';
import { paramsOf } from './query';
import type { RequestChannel } from './request-channel';

/** A picture device sends sound and pictures apart. */
const STREAMS_OF_PICTURE_DEVICE = 2;

/**
 * The streams of a service: one at a time, or two of different types where the device sends pictures
 * (guide §开始拉流; 3.1).
 */
export class StreamSet {
  private readonly channel: RequestChannel;
  private readonly isPictureDevice: boolean;
  private readonly streams = new Set<LiveStream>();

  constructor(channel: RequestChannel, isPictureDevice: boolean) {
    this.channel = channel;
    this.isPictureDevice = isPictureDevice;
  }

  /** @throws IotError -2401 when such a stream runs, -2402 when the request cannot be made. */
  start(options: Omit<LiveStreamOptions, 'channel' | 'onOver' | 'action'>): LiveStream {
    const action = actionOf(options.flv);
    this.requireRoom(action);
    const stream: LiveStream = new LiveStream({
      ...options,
      action,
      channel: this.channel,
      onOver: () => this.streams.delete(stream),
    });
    this.streams.add(stream);
    return stream;
  }

  announce(): void {
    for (const stream of [...this.streams]) stream.announce();
  }

  /** @param action of the stream to stop; all of them without it. */
  stop(action?: string): void {
    for (const stream of [...this.streams]) {
      if (action === undefined || stream.action === action) stream.stop();
    }
  }

  clear(): void {
    this.streams.clear();
  }

  private requireRoom(action: string): void {
    const running = [...this.streams];
    if (running.length === 0) return;
    const isOfAnotherType = running.every((stream) => stream.action !== action);
    if (this.isPictureDevice && isOfAnotherType && running.length < STREAMS_OF_PICTURE_DEVICE) {
      return;
    }
    const message = 'a stream of this service is running; stop it first';
    throw alreadyRunning('stream', 'stream-exists', message);
  }
}

function actionOf(flv: LiveStreamOptions['flv']): string {
  return paramsOf(flv.params)['action'] ?? '';
}
