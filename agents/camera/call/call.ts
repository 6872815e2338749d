import type { CancelTimer, Clock, Random } from '../../../services/host';
import { DeviceStatus } from '../commands/device-status';
import type { UserCommand } from '../commands/user-commands';
import type { Feedback } from '../feedback/feedback';
import { INITIAL_CALL, stepCall } from './call-machine';
import type { CallEvent, CallPhase, CallState, CallStep } from './call-machine';

/** What happens when a viewer calls and nobody is at the camera. */
export const CALL_REPLIES = ['answer', 'reject', 'busy', 'ring'] as const;

export type CallReply = (typeof CALL_REPLIES)[number];

/** What somebody at the camera can do. */
export const CALL_ACTS = ['ring', 'answer', 'reject', 'hang-up'] as const;

export type CallAct = (typeof CALL_ACTS)[number];

export interface CallOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly feedback: Feedback;
  /** `ring`: on and on, until somebody at the camera does something. */
  readonly reply: CallReply;
  /** How long the camera rings before that, in ms. */
  readonly replyAfterMs: number;
  /** Whether somebody talks to the camera without a call, and who. */
  readonly talker: () => string | null;
  readonly onPhase: (phase: CallPhase) => void;
}

const ID_BYTES = 8;
const MAX_ID_LENGTH = 64;
const OK = { status: DeviceStatus.Ok };

/** Runs the camera's side of calls on a clock. */
export class Call {
  private state: CallState = INITIAL_CALL;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelReply: CancelTimer = () => undefined;

  constructor(private readonly options: CallOptions) {
    const { feedback } = options;
    feedback.onListener = (viewer) => this.run({ type: 'listener', viewer });
    feedback.onLeft = (viewer) => this.run({ type: 'gone', viewer });
  }

  /** Who alone may talk; null: anybody. */
  get holder(): string | null {
    return this.state.viewer;
  }

  get isTalking(): boolean {
    return this.state.phase === 'talking';
  }

  /** Somebody at the camera. */
  act(act: CallAct): void {
    if (act !== 'ring') return void this.run({ type: act });
    const callId = Buffer.from(this.options.random.bytes(ID_BYTES)).toString('hex');
    this.run({ type: 'press', callId, listeners: this.options.feedback.viewers });
  }

  viewerGone(viewer: string): void {
    this.run({ type: 'gone', viewer });
  }

  /** The voice of a viewer begins or ends. */
  onVoice(viewer: string, on: boolean): void {
    this.run({ type: 'voice', viewer, on });
  }

  /** A command whose name `isCallName` knows. */
  command({ name, fields, viewer }: UserCommand): object {
    const callId = callIdIn(fields);
    switch (name) {
      case 'wx_call_start': {
        const video = fields['calltype'] === 'video';
        return this.start({ type: 'start', viewer, callId: callId ?? '', video });
      }
      case 'wx_call_answer':
        return statusOf(this.run({ type: 'take', viewer, callId }));
      case 'wx_call_reject':
      case 'wx_call_busy':
        return statusOf(this.run({ type: 'decline', viewer, callId }));
      case 'doorbell_press':
        this.act('ring');
        return OK;
      default:
        return statusOf(this.run({ type: 'leave', viewer, callId }));
    }
  }

  /** Tells whoever is called or talks that it is over. */
  close(): void {
    this.run({ type: 'hang-up' });
    this.cancelTimer();
    this.cancelReply();
  }

  private start(event: Extract<CallEvent, { type: 'start' }>): object {
    const { viewer, callId } = event;
    const talker = this.options.talker();
    if (talker === null || talker === viewer) return statusOf(this.run(event));
    this.options.feedback.tell(viewer, { iv_private_cmd: 'call_busy', call_id: callId });
    return { status: DeviceStatus.Busy };
  }

  private run(event: CallEvent): CallStep {
    const { clock, feedback, onPhase } = this.options;
    const before = this.state;
    const step = stepCall(before, event);
    this.state = step.state;
    for (const effect of step.effects) {
      switch (effect.type) {
        case 'tell':
          feedback.tell(effect.viewer, {
            iv_private_cmd: effect.message,
            call_id: effect.callId,
            ...(effect.message === 'call_start' && { calltype: 'audio' }),
            ...(effect.answered && { answered: 'yes' }),
          });
          break;
        case 'set-timer':
          this.cancelTimer();
          this.cancelTimer = clock.setTimer(effect.delayMs, () => this.run({ type: 'timeout' }));
          break;
        case 'clear-timer':
          this.cancelTimer();
          break;
        default:
          effect satisfies never;
      }
    }
    const { phase, number } = this.state;
    if (phase !== before.phase) onPhase(phase);
    if (phase !== 'ringing') this.cancelReply();
    else if (number !== before.number) this.replySoon();
    return step;
  }

  private replySoon(): void {
    const { clock, reply, replyAfterMs } = this.options;
    this.cancelReply();
    if (reply === 'ring') return;
    this.cancelReply = clock.setTimer(replyAfterMs, () => this.run({ type: reply }));
  }
}

/** Whether a plain command is about calls. */
export function isCallName(name: string): boolean {
  return CALL_COMMANDS.includes(name);
}

/** The seed's four, those of calls that the camera makes, and the button. */
export const CALL_COMMANDS: readonly string[] = [
  'wx_call_start',
  'wx_call_cancel',
  'wx_call_hangup',
  'wx_call_timeout',
  'wx_call_answer',
  'wx_call_reject',
  'wx_call_busy',
  'doorbell_press',
];

function callIdIn(fields: Readonly<Record<string, unknown>>): string | null {
  const id = fields['call_id'];
  return typeof id === 'string' && id !== '' ? id.slice(0, MAX_ID_LENGTH) : null;
}

function statusOf({ accepted }: CallStep): object {
  return accepted ? OK : { status: DeviceStatus.Busy };
}
