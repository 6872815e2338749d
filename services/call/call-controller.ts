import { CommandLine, deviceStatus, queryCapabilities } from '../commands';
import type { CallFeatures, CommandAnswer, TalkFeatures } from '../commands';
import type { DeviceSessions, IotDevice } from '../device';
import { toIotError } from '../device';
import { XP2PErrorCode } from '../errors';
import type { IotError } from '../errors';
import type { CancelTimer, Clock, Random } from '../host';
import type { Log } from '../log';
import { TalkController } from '../talk';
import type { TalkSource } from '../talk';
import { callMachine } from './call-machine';
import type { CallEffect, CallEvent, CallReply } from './call-machine';
import { encodeCallCommand, readCallSignal } from './call-signals';
import type { CallCommand } from './call-signals';
import { INITIAL_CALL_STATE } from './call-state';
import type { CallState } from './call-state';
import { CallStore } from './call-store';
import { FeedbackLine } from './feedback-line';
import { HeldSource } from './held-source';

export interface CallControllerOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  /** Names calls. */
  readonly random: Random;
  readonly device: IotDevice;
  /** What the user is heard by, and seen where the call has a picture. */
  readonly source: TalkSource;
  /** 0-based (default 0). */
  readonly channel?: number;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be called. */
  readonly features?: CallFeatures | null;
  /** Send the voice without encryption of its own (default false). */
  readonly offCrypto?: boolean;
  /** The camera is to be heard: turn the player's sound on. */
  readonly onSoundOn?: () => void;
  /** The call is over: the player's sound as it was. */
  readonly onSoundBack?: () => void;
  readonly onError?: (error: IotError) => void;
  readonly log?: Log | undefined;
}

/** How long an answer to a command is waited for, in ms. */
const COMMAND_TIMEOUT_MS = 10_000;
/** A farewell that got no answer is said again: so often, and each waits so long. */
const FAREWELLS = 3;
const FAREWELL_TIMEOUT_MS = 3_000;
const ID_BYTES = 8;
/** Whether these are taken decides about the call. */
const ASKS: readonly CallCommand[] = ['wx_call_start', 'wx_call_answer'];

/** Calls a camera and is called by it: performs what the call machine decides. */
export class CallController {
  readonly store: CallStore;
  private state: CallState = INITIAL_CALL_STATE;
  private readonly line: CommandLine;
  private readonly feedback: FeedbackLine;
  private readonly source: HeldSource;
  private readonly talk: TalkController;
  private readonly queue: CallEvent[] = [];
  private dispatching = false;
  private closed = false;
  private saying = 0;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(private readonly options: CallControllerOptions) {
    const { sessions, clock, device, channel = 0, offCrypto = false, features, log } = options;
    this.source = new HeldSource(options.source);
    this.talk = new TalkController({
      sessions,
      clock,
      device,
      channel,
      offCrypto,
      log,
      source: this.source,
      features: null,
      callType: () => (this.state.video ? 'video' : 'audio'),
      onSending: () => this.dispatch({ type: 'voice', attempt: this.state.attempt }),
      onError: (error) => this.fail(this.state.attempt, error),
    });
    this.store = new CallStore(this.talk.store);
    this.line = new CommandLine({ sessions, clock, device, channel });
    this.feedback = new FeedbackLine({
      sessions,
      clock,
      device,
      onFeedback: (detail) => this.onFeedback(detail),
      onLost: (error) => this.dispatch({ type: 'lost', error }),
    });
    if (features !== undefined) this.offer(features);
  }

  /** Asks the camera what it can do, where the app has not said it, and listens to it from then on. */
  async discover(): Promise<void> {
    if (this.options.features === undefined) {
      try {
        const capabilities = await queryCapabilities(this.line);
        if (this.closed) return;
        this.offer(capabilities?.call ?? null, capabilities?.talk);
      } catch (error) {
        this.options.log?.({
          level: 'warn',
          scope: 'call',
          message: 'the camera did not tell what it can do',
          data: { error },
        });
        return;
      }
    }
    if (this.store.availability === 'available') this.feedback.open();
  }

  /**
   * Calls the camera; to be called within the tap, since the microphone is asked for.
   * @param options video: send a picture, too, where camera and source can (default false)
   */
  start({ video = false }: { readonly video?: boolean } = {}): void {
    if (this.closed || this.store.availability !== 'available') return;
    this.feedback.open();
    const callId = toHex(this.options.random.bytes(ID_BYTES));
    this.dispatch({ type: 'start', callId, video: video && this.takesVideo });
  }

  /** Takes the camera's call; to be called within the tap. */
  answer({ video = false }: { readonly video?: boolean } = {}): void {
    if (!this.closed) this.dispatch({ type: 'answer', video: video && this.takesVideo });
  }

  /** Hangs up, gives up or rejects, whatever it is at present. */
  hangUp(): void {
    this.dispatch({ type: 'stop' });
  }

  /** The page is hidden: the microphone must close. What only rings here goes on ringing. */
  hide(): void {
    if (this.state.phase !== 'ringing') this.hangUp();
  }

  /** Sends silence until it is called with `false`, or the call ends. */
  setMuted(muted: boolean): void {
    this.talk.setMuted(muted);
  }

  /** Ends the call and gives everything back once the camera has heard of it. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatch({ type: 'stop' });
    this.cancelTimer();
    this.talk.close();
    this.feedback.close();
    this.closeLine();
  }

  private get takesVideo(): boolean {
    return this.store.features?.video === true;
  }

  private offer(features: CallFeatures | null, talk?: TalkFeatures | null): void {
    this.store.patch({ features, availability: features === null ? 'none' : 'available' });
    if (talk !== undefined) this.talk.offer(talk);
  }

  private onFeedback(detail: unknown): void {
    const signal = readCallSignal(detail);
    if (signal !== null) this.dispatch({ type: 'signal', signal });
  }

  private dispatch(event: CallEvent): void {
    this.queue.push(event);
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.process(next);
    } finally {
      this.dispatching = false;
    }
  }

  private process(event: CallEvent): void {
    const { state, effects } = callMachine(this.state, event);
    if (state !== this.state) {
      this.state = state;
      this.store.enter(state, this.options.clock.nowMs());
      this.options.log?.({
        level: 'debug',
        scope: 'call',
        message: event.type,
        data: { phase: state.phase, end: state.end },
      });
    }
    for (const effect of effects) this.perform(effect);
  }

  private perform(effect: CallEffect): void {
    const { clock, onSoundOn, onSoundBack, onError } = this.options;
    switch (effect.type) {
      case 'prepare':
        this.prepare(effect.attempt);
        break;
      case 'begin-voice':
        this.talk.start();
        break;
      case 'end-voice':
        this.talk.stop();
        this.talk.setMuted(false);
        // One that ends after its last words frees the microphone itself.
        if (this.talk.store.phase === 'idle') this.source.stop();
        break;
      case 'send':
        void this.send(effect);
        break;
      case 'sound-on':
        onSoundOn?.();
        break;
      case 'sound-back':
        onSoundBack?.();
        break;
      case 'set-timer': {
        const { attempt, delayMs } = effect;
        this.cancelTimer();
        this.cancelTimer = clock.setTimer(delayMs, () =>
          this.dispatch({ type: 'timeout', attempt }),
        );
        break;
      }
      case 'clear-timer':
        this.cancelTimer();
        break;
      case 'report':
        onError?.(effect.error);
        break;
      default:
        effect satisfies never;
    }
  }

  private prepare(attempt: number): void {
    this.source.authorise().then(
      () => this.dispatch({ type: 'prepared', attempt }),
      (cause: unknown) => this.fail(attempt, cause),
    );
  }

  private fail(attempt: number, cause: unknown): void {
    const error = toIotError(cause, {
      code: XP2PErrorCode.VoiceFailed,
      phase: 'voice',
      reason: 'internal',
      message: cause instanceof Error ? cause.message : String(cause),
      retryable: true,
    });
    this.dispatch({ type: 'failed', attempt, error });
  }

  private async send(effect: Extract<CallEffect, { type: 'send' }>): Promise<void> {
    const { command, attempt } = effect;
    const text = encodeCallCommand(command, effect, this.options.channel ?? 0);
    const asks = ASKS.includes(command);
    this.saying++;
    try {
      for (let tries = asks ? 1 : FAREWELLS; tries > 0; tries--) {
        const answer = await this.line.send(text, asks ? COMMAND_TIMEOUT_MS : FAREWELL_TIMEOUT_MS);
        if (asks) this.dispatch({ type: 'replied', attempt, reply: replyOf(answer) });
        // A camera that tells calls apart by nothing would take it for the next one's.
        if (answer.kind !== 'no-answer' || this.state.attempt !== attempt) break;
      }
    } catch (cause) {
      // Without a connection there is nobody to say good-bye to.
      if (asks) this.fail(attempt, cause);
    } finally {
      this.saying--;
      if (this.closed) this.closeLine();
    }
  }

  private closeLine(): void {
    if (this.saying === 0) this.line.close();
  }
}

/** Also what makes no sense is an answer: the camera's own signal tells the rest. */
function replyOf(answer: CommandAnswer): CallReply {
  switch (answer.kind) {
    case 'no-answer':
      return 'silent';
    case 'malformed':
      return 'taken';
    case 'refused':
      return answer.httpStatus === 404 || answer.httpStatus === 400 ? 'unsupported' : 'refused';
    case 'answer':
      switch (answer.status === null ? 'ok' : deviceStatus(answer.status)) {
        case 'ok':
        case 'unknown':
          return 'taken';
        case 'busy':
          return 'busy';
        case 'unsupported':
          return 'unsupported';
        default:
          return 'refused';
      }
    default:
      return answer satisfies never;
  }
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
