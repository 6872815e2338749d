import type { Clock } from '../../host';
import { badParameter } from './module-errors';
import type { RequestChannel } from './request-channel';
import { VoiceRequest } from './voice-request';
import type {
  XP2PVoiceDataCallbacks,
  XP2PVoiceDataOptions,
  XP2PVoiceDataWriter,
} from './voice-types';

export interface Voice {
  /** `stopVoice`. */
  stop(): void;
  /** The service ends: what is left is told at once. */
  abandon(): void;
}

export interface VoiceDataOptions {
  readonly channel: RequestChannel;
  readonly clock: Clock;
  readonly options: XP2PVoiceDataOptions;
  readonly callbacks: XP2PVoiceDataCallbacks;
  /** The voice takes no more data: another one may begin. */
  readonly onOver: () => void;
}

/** One running `startVoiceData`. */
export class VoiceData implements Voice {
  readonly writer: XP2PVoiceDataWriter;
  private readonly options: VoiceDataOptions;
  private readonly request: VoiceRequest;
  private stopped = false;

  /** @throws IotError -2601 when no request can be made. */
  constructor(options: VoiceDataOptions) {
    this.options = options;
    const { channel, clock, callbacks } = options;
    const request = new VoiceRequest({
      channel,
      clock,
      urlParams: options.options.urlParams ?? '',
      offCrypto: options.options.offCrypto ?? false,
      headers: { 'content-type': 'video/x-flv' },
      onStopped: () => this.tellStop(),
      onOver: (kind, result) => {
        this.tellStop();
        if (kind === 'broken') callbacks.onError?.(result);
        else if (result.errcode === 0) callbacks.onSuccess?.(result);
        else callbacks.onFailure?.(result);
        callbacks.onComplete?.();
      },
      onDrain: () => writer.onDrain?.(),
    });
    const writer: XP2PVoiceDataWriter = {
      addChunk: (chunk) => {
        if (typeof (chunk as ArrayBuffer | undefined)?.byteLength !== 'number') {
          throw badParameter('voice', 'chunk', 'an ArrayBuffer');
        }
        return request.write(new Uint8Array(chunk));
      },
      get bufferedBytes() {
        return request.bufferedBytes;
      },
      onDrain: null,
    };
    this.request = request;
    this.writer = writer;
  }

  stop(): void {
    this.request.end();
    this.tellStop();
  }

  abandon(): void {
    this.tellStop();
    this.request.giveUp('the service was stopped');
  }

  private tellStop(): void {
    if (this.stopped) return;
    this.stopped = true;
    this.options.onOver();
    this.options.callbacks.onStop?.();
  }
}
