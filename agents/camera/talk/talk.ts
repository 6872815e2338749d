import type { CancelTimer, Clock } from '../../../services/host';
import type { IncomingRequest, ResponseWriter } from '../../../services/p2p/http';
import { answerJson, answerText } from '../answer';
import { peerName } from '../peer-name';
import { Refusal } from '../refusal';
import { FlvSink } from './flv-sink';
import { PcmSink } from './pcm-sink';
import { parseTalkType, sniffTalk } from './talk-format';
import type { TalkFormat } from './talk-format';
import type { TalkFolder } from './talk-folder';
import type { TalkPlayer } from './talk-player';
import type { TalkFile, TalkSink } from './talk-sink';

export interface TalkOptions {
  readonly clock: Clock;
  readonly folder: TalkFolder;
  /** Null: what is said is kept only. */
  readonly player: TalkPlayer | null;
  /** Longest talk in ms. */
  readonly maxMs: number;
  /** Who alone may talk, because of a call; null: anybody. */
  readonly holder?: () => string | null;
  /** A viewer's voice begins or ends. */
  readonly onVoice?: (viewer: string, on: boolean) => void;
  readonly log: { info(message: string): void };
}

/** The end of a talk. */
export interface TalkResult {
  /** Bytes that were received. */
  readonly bytes: number;
  /** Ms of sound in them. */
  readonly ms: number;
  /** Null when nothing came. */
  readonly format: 'pcm' | 'flv' | null;
  /** Name of the file in the camera's talk folder. */
  readonly file: string | null;
}

/** Somebody who says nothing, not even silence, is gone. */
const SILENCE_TIMEOUT_MS = 3_000;
const MAX_BYTES = 256 * 1024 * 1024;

/** The camera's loudspeaker: one viewer at a time may talk (`POST /voice`). */
export class Talk {
  private current: TalkSession | null = null;
  /** Who talks. */
  private talking: string | null = null;

  constructor(private readonly options: TalkOptions) {}

  get talker(): string | null {
    return this.talking;
  }

  /** @param viewer who wants to talk */
  isBusyFor(viewer: string): boolean {
    const holder = this.options.holder?.() ?? null;
    return this.current !== null || (holder !== null && holder !== viewer);
  }

  /**
   * Listens to a viewer until it ends, breaks off or takes too long. The loudspeaker is free again at
   * once then. A second viewer gets 503.
   * @throws Refusal for a type that the camera does not take.
   */
  open(request: IncomingRequest, response: ResponseWriter): void {
    const format = parseTalkType(request.headers['content-type']);
    const { calltype } = request.query;
    if (calltype !== undefined && calltype !== 'audio' && calltype !== 'video') {
      throw new Refusal(400, 'calltype must be audio or video');
    }
    const viewer = peerName(request);
    if (this.isBusyFor(viewer)) {
      answerJson(response, { status: '1', reason: 'somebody else is talking' }, 503);
      return;
    }
    this.current = new TalkSession(format, request, response, this.options, () => {
      this.current = null;
      this.talking = null;
      this.options.onVoice?.(viewer, false);
    });
    this.talking = viewer;
    this.options.onVoice?.(viewer, true);
  }

  /** Ends the talk, if there is one. */
  close(): void {
    this.current?.fail(503, 'the camera stops');
  }
}

class TalkSession {
  private sink: TalkSink | null = null;
  private file: TalkFile | null = null;
  private playing: ReturnType<TalkPlayer['open']> | null = null;
  private first = new Uint8Array(0);
  private bytes = 0;
  private over = false;
  private cancelSilence: CancelTimer = () => undefined;
  private readonly cancelLimit: CancelTimer;

  constructor(
    private format: TalkFormat | null,
    request: IncomingRequest,
    private readonly response: ResponseWriter,
    private readonly options: TalkOptions,
    private readonly onOver: () => void,
  ) {
    this.cancelLimit = options.clock.setTimer(options.maxMs, () =>
      this.fail(413, `a talk may last ${options.maxMs / 1_000} s`),
    );
    this.watch();
    request.onData = (bytes) => this.take(bytes);
    request.onEnd = () => this.end();
    response.onClose = () => this.finish();
  }

  fail(status: number, reason: string): void {
    if (this.over) return;
    this.finish();
    answerText(this.response, status, reason);
  }

  private take(bytes: Uint8Array): void {
    if (this.over) return;
    this.watch();
    this.bytes += bytes.length;
    if (this.bytes > MAX_BYTES) return this.fail(413, `a talk may have ${MAX_BYTES} bytes`);
    if (this.format === null) {
      this.first = Buffer.concat([this.first, bytes]);
      this.format = sniffTalk(this.first);
      if (this.format === null) return;
      bytes = this.first;
      this.first = new Uint8Array(0);
    }
    this.sink ??= this.begin(this.format);
    const problem = this.sink.write(bytes);
    this.playing?.write(bytes);
    if (problem !== null) this.fail(400, problem);
  }

  private begin(format: TalkFormat): TalkSink {
    const { folder, clock, player } = this.options;
    this.playing = player?.open(format) ?? null;
    this.file = folder.create(format.kind === 'pcm' ? 'wav' : 'flv', clock.wallMs());
    return format.kind === 'pcm'
      ? new PcmSink(format.rateHz, format.channels, this.file)
      : new FlvSink(this.file);
  }

  private end(): void {
    if (this.over) return;
    const result: TalkResult = {
      bytes: this.bytes,
      ms: this.sink?.durationMs ?? 0,
      format: this.sink ? this.format!.kind : null,
      file: this.file?.name ?? null,
    };
    this.finish();
    answerJson(this.response, result);
  }

  /** Whatever the reason: what was heard is kept, and the next one may talk. */
  private finish(): void {
    if (this.over) return;
    this.over = true;
    this.cancelSilence();
    this.cancelLimit();
    this.sink?.close();
    this.playing?.close();
    this.options.log.info(`a talk of ${this.bytes} bytes has ended`);
    this.onOver();
  }

  private watch(): void {
    this.cancelSilence();
    this.cancelSilence = this.options.clock.setTimer(SILENCE_TIMEOUT_MS, () =>
      this.fail(408, `nothing was said for ${SILENCE_TIMEOUT_MS / 1_000} s`),
    );
  }
}
