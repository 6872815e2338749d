import type { FakeCalls } from './fake-calls';
import type { FakeService, FakeStream, FakeStreamParams } from './fake-service';
import type { Generation } from './generation';
import { ScriptedRequest } from './scripted-device';

/** Streams inside the plugin: their requests, messages and data, in each version's order. */
export class FakeStreams {
  constructor(
    private readonly generation: Generation,
    private readonly calls: FakeCalls,
  ) {}

  start(service: FakeService, params: FakeStreamParams): Promise<unknown> {
    const url = service.streamInfo.url ?? '';
    const [, file = '', inUrl = ''] = /([^/?]*)(?:\?(.*))?$/.exec(url) ?? [];
    const query = params.flv?.params ?? inUrl;
    const name = params.flv?.filename ?? file;
    const key = this.generation.streamCallbacks ? (actionOf(query) ?? 'live') : 'the one';
    if (service.streams.has(key)) {
      return this.calls.fail(this.generation.callFailure, 'startStream', -2401);
    }
    const stream: FakeStream = { key, params, over: false };
    service.streams.set(key, stream);
    this.calls.after(15, () => this.notify(service, stream, 'request'));
    if (service.device?.online === true) {
      this.calls.after(15 + service.device.rttMs / 2, () =>
        this.serve(service, stream, name, query),
      );
    }
    return this.calls.later(10, () => 0);
  }

  /** `close` follows, and perhaps a chunk that was on its way. */
  stop(service: FakeService, key: string | undefined): void {
    const stream = service.streams.get(
      this.generation.streamCallbacks ? (key ?? 'live') : 'the one',
    );
    if (stream === undefined) return;
    service.streams.delete(stream.key);
    this.calls.after(2, () => stream.params.dataCallback(Uint8Array.of(0xff).buffer));
    this.calls.after(5, () => {
      const detail = this.generation.modules ? { type: 'user_close' } : 'user_close';
      this.message(service, stream, 'close', detail);
      stream.over = true;
    });
  }

  /** The device drops out. */
  drop(service: FakeService): void {
    const { streamCallbacks, modules, wrongEof } = this.generation;
    const detail = modules ? { type: 'timeout' } : 'timeout';
    const streams = [...service.streams.values()];
    if (wrongEof) for (const stream of streams) this.message(service, stream, 'eof');
    service.streams.clear();
    service.over = true;
    if (streamCallbacks) {
      for (const stream of streams) this.message(service, stream, 'disconnect', detail);
      service.callbacks.msgCallback('serviceNotify', 'disconnect', detail);
    } else {
      service.callbacks.msgCallback('notify', 'disconnect', detail);
    }
    for (const stream of streams) stream.over = true;
  }

  /** To the service's callback, or to that of the stream where the version tells them apart. */
  notify(service: FakeService, stream: FakeStream, subtype: string, detail?: unknown): void {
    const isCurrent = service.streams.get(stream.key) === stream;
    if (isCurrent && !service.over) this.message(service, stream, subtype, detail);
  }

  private serve(service: FakeService, stream: FakeStream, file: string, query: string): void {
    const { device } = service;
    if (device === undefined || stream.over) return;
    const answer = device.receive(new ScriptedRequest('GET', `/${file}`, query));
    if (answer === null) return;
    const { status, chunks = [], then } = answer;
    let atMs = device.rttMs / 2;
    // What breaks off at once has not even a head.
    const hasHead = then !== 'abort' || chunks.length > 0;
    const head = { status, headers: { 'content-type': 'video/x-flv' } };
    this.calls.after(atMs, () => {
      if (hasHead) this.notify(service, stream, 'parsed', head);
    });
    for (const chunk of chunks) {
      atMs += 10;
      this.calls.after(atMs, () => {
        const isCurrent = service.streams.get(stream.key) === stream;
        if (isCurrent && !service.over) stream.params.dataCallback(chunk.slice().buffer);
      });
    }
    if (then !== 'hold') this.calls.after(atMs + 10, () => this.end(service, stream, then));
  }

  private end(service: FakeService, stream: FakeStream, then: 'end' | 'abort'): void {
    const { streamCallbacks } = this.generation;
    if (then === 'end') this.notify(service, stream, 'eof');
    // `fail` came with 3.1.
    else if (streamCallbacks) this.notify(service, stream, 'fail', { type: 'transmission' });
    else this.notify(service, stream, 'close', 'transmission');
    if (service.streams.get(stream.key) === stream) service.streams.delete(stream.key);
    stream.over = true;
  }

  private message(
    service: FakeService,
    stream: FakeStream,
    subtype: string,
    detail?: unknown,
  ): void {
    const own = this.generation.streamCallbacks ? stream.params.msgCallback : undefined;
    (own ?? service.callbacks.msgCallback)('notify', subtype, detail);
  }
}

function actionOf(query: string): string | undefined {
  return /(?:^|&)action=([^&]*)/.exec(query)?.[1];
}
