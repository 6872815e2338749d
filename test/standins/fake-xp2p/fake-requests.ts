import type { FakeCalls } from './fake-calls';
import { paramsOf } from './fake-crypto';
import type { TransferOptions } from './fake-crypto';
import type { FakeService } from './fake-service';
import type { Generation } from './generation';
import { ScriptedRequest } from './scripted-device';

type Callbacks = Readonly<Record<string, ((detail?: unknown) => void) | undefined>>;

/** Commands and downloads inside the plugin. */
export class FakeRequests {
  constructor(
    private readonly generation: Generation,
    private readonly calls: FakeCalls,
  ) {}

  sendCommand(
    service: FakeService,
    command: string,
    options: { readonly responseType?: string } = {},
  ): Promise<unknown> {
    const { device } = service;
    const { binaryCommands, keepsNul } = this.generation;
    if (device?.online !== true) return new Promise(() => undefined);
    const answer = device.receive(new ScriptedRequest('GET', '/command', command));
    if (answer === null || answer.then === 'hold') return new Promise(() => undefined);
    if (answer.then === 'abort') {
      // Early versions leave out what they do not know.
      return this.calls.later(device.rttMs, () => ({ type: 'error', errmsg: 'broken pipe' }));
    }
    const bytes = join(answer.chunks);
    const text = new TextDecoder().decode(bytes);
    const isBinary = binaryCommands && options.responseType === 'arraybuffer';
    const data = isBinary ? bytes.buffer : keepsNul ? text : text.replace(/\0+$/, '');
    const { status } = answer;
    const type = status >= 200 && status < 300 ? 'success' : 'failure';
    return this.calls.later(device.rttMs, () => ({ type, status, data, errcode: 0, errmsg: '' }));
  }

  startDownload(
    service: FakeService,
    options: TransferOptions,
    callbacks: Callbacks,
  ): Promise<unknown> {
    const { callFailure, downloadSettlesAtEnd } = this.generation;
    const { device } = service;
    if (service.stopDownload !== null) {
      return this.calls.fail(callFailure, 'startLocalDownload', -2401);
    }
    let over = false;
    service.stopDownload = () => {
      over = true;
      service.stopDownload = null;
    };
    return new Promise((resolve) => {
      if (!downloadSettlesAtEnd) this.calls.after(10, () => resolve(0));
      if (device?.online !== true) return;
      const params = paramsOf(this.generation, options);
      const answer = device.receive(new ScriptedRequest('GET', '/file', params));
      if (answer === null) return;
      const at = (delayMs: number, work: () => void) =>
        this.calls.after(delayMs, () => {
          if (!over) work();
        });
      const { status, chunks = [], then } = answer;
      const headers = { 'content-length': String(join(chunks).length) };
      let atMs = device.rttMs;
      at(atMs, () => callbacks['onHeadersReceived']?.({ status, headers }));
      const isFile = status >= 200 && status < 300;
      for (const chunk of isFile ? chunks : []) {
        at((atMs += 10), () => callbacks['onChunkReceived']?.(chunk.slice().buffer));
      }
      if (then === 'hold') return;
      at(atMs + 10, () => {
        over = true;
        service.stopDownload = null;
        const data = isFile ? new ArrayBuffer(0) : join(chunks).buffer;
        const result = { status, headers, data, errcode: 0, errmsg: '' };
        if (then === 'abort') callbacks['onError']?.({ ...result, errcode: -2701 });
        else callbacks[isFile ? 'onSuccess' : 'onFailure']?.(result);
        callbacks['onComplete']?.();
        if (downloadSettlesAtEnd) resolve(0);
      });
    });
  }
}

function join(chunks: readonly Uint8Array[] = []): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(chunks.flatMap((chunk) => [...chunk]));
}
