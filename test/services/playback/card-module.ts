import type { Card } from '../../../agents/camera/card';
import { runInnerCommand } from '../../../agents/camera/commands/inner-commands';
import { Playbacks } from '../../../agents/camera/commands/playbacks';
import { parseQuery } from '../../../services/p2p/http';
import type { XP2PCommandResult } from '../../../services/p2p/module';
import { DrainingResponse } from '../../agents/camera/card/card-rig';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

/** Hands what the card writes straight to the viewer. */
class StreamResponse extends DrainingResponse {
  silent = false;

  constructor(
    private readonly onWrite: (bytes: Uint8Array<ArrayBuffer>) => void,
    private readonly onEnded: () => void,
  ) {
    super();
  }

  override write(bytes: Uint8Array): boolean {
    if (!this.silent) this.onWrite(Uint8Array.from(bytes));
    return true;
  }

  override end(bytes?: Uint8Array): void {
    super.end(bytes);
    this.onEnded();
  }
}

/** A module behind which a real card answers commands and plays. */
export class CardModule extends FakeP2PModule {
  readonly commands: string[] = [];
  readonly playbacks = new Playbacks(8);
  /** Changes an answer, or keeps it back with null. */
  twist: (cmd: string, answer: string) => string | null = (_cmd, answer) => answer;
  /** Its answer to `get_capabilities`; null for a camera that does not know that. */
  capabilities: object | null = null;
  private response: StreamResponse | null = null;

  constructor(private readonly card: Card) {
    super();
  }

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const started = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return started;
  }

  override async startStream(
    ...[id, params]: Parameters<FakeP2PModule['startStream']>
  ): Promise<number> {
    await super.startStream(id, params);
    const query = parseQuery(params.flv!.params)!;
    this.response = new StreamResponse(
      (bytes) => params.dataCallback(bytes.buffer),
      () => params.msgCallback?.('notify', 'success', { status: 200 }),
    );
    const startS = Number(query['start_time']);
    const endS = Number(query['end_time']);
    const session = this.card.openPlayback({ channel: 0, startS, endS }, this.response);
    if (session === null) throw iotError('request-rejected', false);
    this.playbacks.add('viewer', startS, session);
    return 0;
  }

  override stopStream(id: string): void {
    this.response?.onClose?.();
    this.response = null;
    super.stopStream(id);
  }

  /** The open stream stands, and nothing comes of it any more. */
  silence(): void {
    this.response!.silent = true;
  }

  /** The link is lost. */
  breakStream(): void {
    const { response } = this;
    this.response = null;
    response?.onClose?.();
    this.notify('door', 'fail', { error: iotError('connection-lost') });
  }

  override async sendCommand(_id?: string, command = ''): Promise<XP2PCommandResult> {
    const query = parseQuery(command)!;
    const cmd = query['cmd'] ?? '';
    this.commands.push(cmd);
    if (cmd === 'get_capabilities' && this.capabilities !== null) {
      const data = JSON.stringify(this.capabilities);
      return { type: 'success', status: 200, data, errcode: 0, errmsg: '' };
    }
    const answer = await runInnerCommand(
      { query, channel: 0, viewer: 'viewer' },
      {
        ...{ name: 'door', channels: 1, card: this.card, playbacks: this.playbacks, talk: null },
        features: { playbackSpeed: true, nvrList: true },
        live: null as never,
      },
    ).catch(() => null);
    if (answer === null) {
      return { type: 'failure', status: 400, data: '', errcode: -2402, errmsg: '' };
    }
    const data = this.twist(cmd, JSON.stringify(answer));
    if (data === null) return { type: 'timeout', status: 0, data: '', errcode: -2402, errmsg: '' };
    return { type: 'success', status: 200, data, errcode: 0, errmsg: '' };
  }
}
