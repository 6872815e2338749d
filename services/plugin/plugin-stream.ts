import type { IotError } from '../errors';
import type { XP2PFlv, XP2PMsgCallback, XP2PParsedDetail } from '../p2p/module';
import { arrayBufferOf } from './array-buffer';
import { P2P_NAMES } from '../p2p-names';
import { recordOf } from './record';
import { codeOf } from './plugin-errors';

const { XP2PEventEnum, XP2PNotify_SubType: SubType } = P2P_NAMES;

export interface PluginStreamOptions {
  /** The stream's `action`: a picture device has two streams at once. */
  readonly type: string;
  readonly flv: XP2PFlv;
  readonly onMessage: XP2PMsgCallback;
  readonly onData: (data: ArrayBuffer) => void;
  /** The link is lost, which 3.1 tells its streams. */
  readonly onDisconnect: () => void;
  /** The stream is over, whoever ended it; comes before its last message. */
  readonly onOver: () => void;
}

/**
 * One `startStream` on the plugin. Its messages come in the guide's order whatever the plugin does:
 * `request`, `parsed`, data, then one of `success`, `eof`, `fail` and `close`.
 */
export class PluginStream {
  readonly type: string;
  readonly flv: XP2PFlv;
  /** Whether the plugin was asked for it. */
  isAsked = false;
  private readonly options: PluginStreamOptions;
  private progress: 'none' | 'request' | 'parsed' = 'none';
  private status = 0;
  private over = false;

  constructor(options: PluginStreamOptions) {
    this.options = options;
    this.type = options.type;
    this.flv = options.flv;
  }

  get isOver(): boolean {
    return this.over;
  }

  /** The plugin has shown a sign of this stream, so that what comes now is no remnant of another. */
  get isAnswered(): boolean {
    return this.progress === 'parsed';
  }

  /** The plugin has taken the request. */
  announce(): void {
    if (this.over || this.progress !== 'none') return;
    this.progress = 'request';
    this.notify(SubType.Request, undefined);
  }

  /** A message of the plugin about this stream, in our words. */
  onPluginMessage(subtype: string, detail: unknown): void {
    if (subtype === SubType.Disconnect) return this.options.onDisconnect();
    if (this.over) return;
    switch (subtype) {
      case SubType.Request:
        return this.announce();
      case SubType.Parsed:
        return this.onParsed(detail);
      case SubType.Success:
      case SubType.Eof:
        return this.finish(subtype, { status: this.status });
      case SubType.Fail:
      // Nobody here closed it.
      // eslint-disable-next-line no-fallthrough
      case SubType.Close:
        return this.fail();
    }
  }

  onPluginData(data: unknown): void {
    const bytes = arrayBufferOf(data);
    if (this.over || bytes === null || bytes.byteLength === 0) return;
    // The plugin hands data out of good answers only; one that says nothing of them said 200.
    if (this.progress !== 'parsed') this.onParsed({ status: 200 });
    this.options.onData(bytes);
  }

  /** Ends it from our side: `close` follows. */
  stop(): void {
    this.finish(SubType.Close, undefined);
  }

  /** It broke off. */
  fail(error?: IotError): void {
    this.finish(SubType.Fail, { status: this.status, type: 'reset', ...(error && { error }) });
  }

  private onParsed(detail: unknown): void {
    if (this.progress === 'parsed') return;
    this.announce();
    if (this.over) return;
    this.progress = 'parsed';
    const record = recordOf(detail) ?? {};
    const headers = recordOf(record['headers']) ?? {};
    this.status = codeOf(record['status']) ?? 200;
    const parsed = { status: this.status, headers: headers as XP2PParsedDetail['headers'] };
    this.notify(SubType.Parsed, parsed);
    // What follows is no stream, and the plugin does not always say that it is over.
    if (this.status !== 200) this.finish(SubType.Fail, { status: this.status });
  }

  private finish(subtype: string, detail: unknown): void {
    if (this.over) return;
    this.over = true;
    this.options.onOver();
    this.notify(subtype, detail);
  }

  private notify(subtype: string, detail: unknown): void {
    this.options.onMessage(XP2PEventEnum.Notify, subtype, detail);
  }
}
