import { Call } from '../../../agents/camera/call/call';
import type { CallOptions } from '../../../agents/camera/call/call';
import { Feedback } from '../../../agents/camera/feedback/feedback';
import type { IncomingRequest } from '../../../services/p2p/http';
import type { XP2PCommandResult } from '../../../services/p2p/module';
import { FakeResponse } from '../../agents/camera/fake-response';
import type { VirtualClock } from '../../net/virtual-clock';
import { FakeP2PModule, iotError } from '../../standins/fake-p2p-module';

/** The camera agent's side of calls, for viewers behind links of their own. */
export class Doorbell {
  readonly feedback = new Feedback();
  readonly call: Call;
  /** Who talks without a call. */
  talker: string | null = null;

  constructor(clock: VirtualClock, options: Partial<CallOptions> = {}) {
    let count = 0;
    this.call = new Call({
      clock,
      feedback: this.feedback,
      random: { bytes: (length) => new Uint8Array(length).fill(++count) },
      reply: 'ring',
      replyAfterMs: 0,
      talker: () => this.talker,
      onPhase: () => undefined,
      ...options,
    });
  }
}

/** A viewer's module: commands, voice and feedback reach the doorbell, each way in `delayMs`. */
export class DoorbellModule extends FakeP2PModule {
  readonly wire: string[] = [];
  delayMs = 20;
  /** What becomes of a command's answer; the command itself arrives. */
  fate: () => 'answered' | 'silent' | 'garbled' | 'nul' = () => 'answered';
  private listening: FakeResponse | null = null;
  private linkNumber = 0;
  voiceRuns = false;

  constructor(
    private readonly clock: VirtualClock,
    private readonly doorbell: Doorbell,
    readonly viewer = 'a1',
  ) {
    super();
  }

  override startP2PService(...args: Parameters<FakeP2PModule['startP2PService']>): Promise<number> {
    const starting = super.startP2PService(...args);
    this.service(args[0]).resolve();
    return starting;
  }

  override stopP2PService(id: string): void {
    const wasThere = this.services.has(id);
    super.stopP2PService(id);
    if (wasThere) this.leave();
  }

  override watchFeedback(id: string): void {
    super.watchFeedback(id);
    if (this.listening !== null) return;
    const response = new FakeResponse();
    this.listening = response;
    const link = this.linkNumber;
    const write = response.write.bind(response);
    response.write = (chunk) => {
      const text = Buffer.from(chunk).toString();
      this.clock.setTimer(this.delayMs, () => {
        if (link === this.linkNumber && this.services.has(id)) this.say(id, text);
      });
      return write(chunk);
    };
    const peerKey = Buffer.from(this.viewer, 'hex');
    this.doorbell.feedback.open({ peerKey } as unknown as IncomingRequest, response);
  }

  override sendCommand(
    _id = '',
    command = '',
    { timeoutMs = 7_500 }: { readonly timeoutMs?: number } = {},
  ): Promise<XP2PCommandResult> {
    const query = new URLSearchParams(command);
    const name = query.get('cmd') ?? '';
    this.wire.push(name);
    const link = this.linkNumber;
    const fate = this.fate();
    return new Promise((resolve) => {
      const settle = (type: XP2PCommandResult['type'], data = ''): void =>
        resolve({ type, status: type === 'success' ? 200 : 0, data, errcode: 0, errmsg: '' });
      this.clock.setTimer(this.delayMs, () => {
        if (link !== this.linkNumber) return settle('error');
        const fields = Object.fromEntries(query);
        const answer = this.doorbell.call.command({
          name,
          fields,
          channel: 0,
          viewer: this.viewer,
        });
        const text = JSON.stringify(answer);
        if (fate === 'silent') return;
        this.clock.setTimer(this.delayMs, () =>
          settle(
            'success',
            fate === 'garbled' ? text.slice(0, 5) : `${text}${fate === 'nul' ? '\0\0' : ''}`,
          ),
        );
      });
      this.clock.setTimer(timeoutMs, () => settle('timeout'));
    });
  }

  override startVoice(...args: Parameters<FakeP2PModule['startVoice']>): Promise<number> {
    this.setVoice(true);
    return super.startVoice(...args);
  }

  override stopVoice(id: string): void {
    super.stopVoice(id);
    this.setVoice(false);
  }

  /** The connection breaks off; both sides notice. */
  lose(id: string): void {
    if (!this.services.has(id)) return;
    this.leave();
    this.disconnect(id, iotError('connection-lost'));
  }

  private leave(): void {
    this.linkNumber++;
    this.listening?.onClose?.();
    this.listening = null;
    this.setVoice(false);
    this.doorbell.call.viewerGone(this.viewer);
  }

  private setVoice(on: boolean): void {
    if (this.voiceRuns === on) return;
    this.voiceRuns = on;
    this.doorbell.call.onVoice(this.viewer, on);
  }
}
