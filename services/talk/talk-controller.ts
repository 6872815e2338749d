import { CommandLine, deviceStatus, innerCommand, queryCapabilities } from '../commands';
import type { TalkFeatures } from '../commands';
import { toIotError } from '../device';
import type { DeviceLease, DeviceSessions, IotDevice } from '../device';
import { IotError, XP2PErrorCode } from '../errors';
import type { CancelTimer, Clock } from '../host';
import type { Log } from '../log';
import type { XP2PRecorderManager, XP2PVoiceDataWriter, XP2PVoiceOptions } from '../p2p/module';
import { measured } from './level';
import { forbiddenBy, refineError, talkError } from './talk-errors';
import { talkMachine } from './talk-machine';
import type { TalkEffect, TalkEvent } from './talk-machine';
import type { TalkLine, TalkSource } from './talk-source';
import { INITIAL_TALK_STATE } from './talk-state';
import type { TalkState } from './talk-state';
import { TalkStore } from './talk-store';
import { initialWaterState, waterMachine } from './water-marks';

export interface TalkControllerOptions {
  readonly sessions: DeviceSessions;
  readonly clock: Clock;
  readonly device: IotDevice;
  readonly source: TalkSource;
  /** 0-based (default 0). */
  readonly channel?: number;
  /** What the camera can do, for cameras that cannot tell; null: it cannot be talked to. */
  readonly features?: TalkFeatures | null;
  /** Send the voice without encryption of its own (default false). */
  readonly offCrypto?: boolean;
  /** The voice is a call's (guide §startVoiceData): the camera has agreed and is not asked again. */
  readonly callType?: () => 'audio' | 'video';
  /** The microphone is about to open: turn the player's sound off, unless echo is cancelled. */
  readonly onPlayerAway?: () => void;
  /** It is closed: the sound may return, and a host's loudspeaker wants its repair. */
  readonly onPlayerBack?: () => void;
  /** The sound goes out. */
  readonly onSending?: () => void;
  readonly onError?: (error: IotError) => void;
  readonly log?: Log | undefined;
}

const CHECK_TIMEOUT_MS = 3_000;
const CONNECT_PARAMS = 'action=live&channel=0&quality=high';
/** How long the connection is kept after a talk: its end may still be on the way. */
const LINGER_MS = 5_000;
const LEVEL_INTERVAL_MS = 100;
const WATER_INTERVAL_MS = 500;
const WIDE_HZ = 16_000;
const NARROW_HZ = 8_000;

/** Talks to a camera: performs what the talk machine decides. */
export class TalkController {
  readonly store = new TalkStore();
  private state: TalkState = INITIAL_TALK_STATE;
  private readonly line: CommandLine;
  private readonly queue: TalkEvent[] = [];
  private dispatching = false;
  private closed = false;
  private lease: DeviceLease | null = null;
  private cancelTimer: CancelTimer = () => undefined;
  private cancelLinger: CancelTimer = () => undefined;
  private cancelWater: CancelTimer = () => undefined;
  private levelAtMs = -Infinity;

  constructor(private readonly options: TalkControllerOptions) {
    const { sessions, clock, device, channel = 0, features } = options;
    this.line = new CommandLine({ sessions, clock, device, channel });
    if (features !== undefined) this.offer(features);
  }

  /** Asks the camera what it can do, where the app has not said it. */
  async discover(): Promise<void> {
    if (this.options.features !== undefined) return;
    try {
      const capabilities = await queryCapabilities(this.line);
      if (this.closed) return;
      // A camera that cannot tell is tried: the talk itself says why not.
      if (capabilities === null) this.store.patch({ availability: 'available' });
      else this.offer(capabilities.talk);
    } catch (error) {
      this.options.log?.({
        level: 'warn',
        scope: 'talk',
        message: 'the camera did not tell what it can do',
        data: { error },
      });
    }
  }

  /** Begins to talk; to be called within the tap, since the microphone is asked for. */
  start(): void {
    if (!this.closed) this.dispatch({ type: 'start' });
  }

  /** Ends the talk, or its start, from any state. */
  stop(): void {
    this.dispatch({ type: 'stop' });
  }

  /** Tells why a talk that has ended already could not begin; ignored while one goes on. */
  deny(error: IotError): void {
    if (!this.closed) this.dispatch({ type: 'denied', error });
  }

  /** Ends the talk and gives everything back. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.dispatch({ type: 'stop' });
    this.line.close();
    if (this.state.phase === 'idle' && this.lease === null) this.finish();
  }

  /** Silence is sent instead of what the microphone hears. */
  setMuted(muted: boolean): void {
    if (this.store.muted === muted) return;
    this.store.patch({ muted });
    this.options.source.setMuted?.(muted);
  }

  /** What the camera can do, where somebody else has asked it. */
  offer(features: TalkFeatures | null): void {
    this.store.patch({ features, availability: features === null ? 'none' : 'available' });
  }

  private dispatch(event: TalkEvent): void {
    this.queue.push(event);
    if (this.dispatching) return;
    this.dispatching = true;
    try {
      for (let next = this.queue.shift(); next; next = this.queue.shift()) this.process(next);
    } finally {
      this.dispatching = false;
    }
  }

  private process(event: TalkEvent): void {
    const { state, effects } = talkMachine(this.state, event);
    if (state === this.state) return;
    const sends = state.phase === 'sending' && this.state.phase !== 'sending';
    this.state = state;
    this.store.enter(state);
    this.options.log?.({
      level: 'debug',
      scope: 'talk',
      message: event.type,
      data: { phase: state.phase },
    });
    for (const effect of effects) this.perform(effect);
    if (sends) this.options.onSending?.();
    if (state.phase === 'idle') this.linger();
  }

  private perform(effect: TalkEffect): void {
    const { source, clock, onPlayerAway, onPlayerBack, onError } = this.options;
    switch (effect.type) {
      case 'authorise':
        this.attempt(effect.attempt, 'authorised', () => source.authorise());
        break;
      case 'check':
        this.attempt(effect.attempt, 'free', () => this.check());
        break;
      case 'begin':
        this.attempt(effect.attempt, 'started', () => this.begin(effect.attempt));
        break;
      case 'player-away':
        onPlayerAway?.();
        break;
      case 'player-back':
        onPlayerBack?.();
        break;
      case 'hang-up':
        this.cancelWater();
        this.lease?.stopVoice();
        break;
      case 'free-microphone':
        source.stop();
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

  private attempt(
    attempt: number,
    type: 'authorised' | 'free' | 'started',
    run: () => Promise<void>,
  ): void {
    run().then(
      () => this.dispatch({ type, attempt }),
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
    this.dispatch({ type: 'failed', attempt, error: refineError(error) });
  }

  private async check(): Promise<void> {
    const { channel = 0, callType } = this.options;
    if (callType !== undefined) return;
    const command = innerCommand('get_device_st', { type: 'voice' }, channel);
    const answer = await this.line.send(command, CHECK_TIMEOUT_MS);
    // No answer forbids nothing; the request itself will tell.
    if (answer.kind !== 'answer') return;
    const error = forbiddenBy(deviceStatus(answer.status));
    if (error !== null) throw error;
  }

  private async begin(attempt: number): Promise<void> {
    const { sessions, device, source, clock } = this.options;
    this.cancelLinger();
    await sessions.init(device);
    const lease = this.lease ?? sessions.acquire(device, this.leaseEvents());
    this.lease = lease;
    await lease.connect(CONNECT_PARAMS);
    if (!this.isCurrent(attempt)) return;
    await source.start(this.talkLine(lease, attempt));
    this.levelAtMs = clock.nowMs();
  }

  private leaseEvents() {
    const lose = (error: IotError): void => {
      this.lease?.release();
      this.lease = null;
      this.fail(this.state.attempt, error);
    };
    return {
      onPath: () => undefined,
      onDisconnect: lose,
      onNetworkChanged: () => lose(talkError('connection-lost', 'the network has changed')),
    };
  }

  private talkLine(lease: DeviceLease, attempt: number): TalkLine {
    const rates = this.store.features?.rates ?? [];
    const onFail = (error: IotError): void => this.fail(attempt, error);
    return {
      rateHz: rates.includes(WIDE_HZ) ? WIDE_HZ : NARROW_HZ,
      record: (recorder, options) => this.record(lease, attempt, recorder, options),
      write: () => this.openWriter(lease, attempt),
      onLevel: (level) => this.onLevel(attempt, level),
      onFail,
    };
  }

  private async record(
    lease: DeviceLease,
    attempt: number,
    recorder: XP2PRecorderManager,
    options: XP2PVoiceOptions,
  ): Promise<void> {
    const { offCrypto = false } = this.options;
    await lease.startVoice(
      measured(recorder, {
        isMuted: () => this.store.muted,
        onLevel: (level) => this.onLevel(attempt, level),
      }),
      { ...options, offCrypto, urlParams: this.urlParams },
      {
        // Whatever took the microphone: what follows would have a hole.
        onPause: () =>
          this.fail(attempt, talkError('talk-interrupted', 'something else took the microphone')),
        // The recorder's longest recording is renewed by the module.
        onStop: ({ willRestart }) => {
          if (!willRestart) this.overSoon(attempt);
        },
        onError: (error) => this.fail(attempt, error),
      },
    );
  }

  private async openWriter(lease: DeviceLease, attempt: number): Promise<XP2PVoiceDataWriter> {
    const { offCrypto = false } = this.options;
    const writer = await lease.startVoiceData(
      { urlParams: this.urlParams, offCrypto },
      {
        onStop: () => {
          if (this.state.phase === 'stopping') this.dispatch({ type: 'over', attempt });
        },
        onComplete: () => this.overSoon(attempt),
        onFailure: ({ status, errmsg }) => this.fail(attempt, rejected(status, errmsg)),
        onError: ({ errmsg }) => this.fail(attempt, talkError('connection-lost', errmsg)),
        onSuccess: () => {
          if (this.state.phase === 'sending') {
            this.fail(attempt, talkError('stream-ended', 'the camera has ended the talk'));
          }
        },
      },
    );
    this.watchWater(writer);
    return writer;
  }

  /** After the error, which the module tells in the same breath. */
  private overSoon(attempt: number): void {
    void Promise.resolve().then(() => this.dispatch({ type: 'over', attempt }));
  }

  private watchWater(writer: XP2PVoiceDataWriter): void {
    const { clock, source } = this.options;
    let water = initialWaterState(clock.nowMs());
    this.store.patch({ profile: water.profile });
    const look = (): void => {
      const next = waterMachine(water, writer.bufferedBytes, clock.nowMs());
      if (next.profile !== water.profile) {
        this.store.patch({ profile: next.profile });
        source.setProfile?.(next.profile);
      }
      water = next;
      this.cancelWater = clock.setTimer(WATER_INTERVAL_MS, look);
    };
    this.cancelWater();
    this.cancelWater = clock.setTimer(WATER_INTERVAL_MS, look);
  }

  private onLevel(attempt: number, level: number): void {
    const nowMs = this.options.clock.nowMs();
    if (!this.isCurrent(attempt) || nowMs - this.levelAtMs < LEVEL_INTERVAL_MS) return;
    this.levelAtMs = nowMs;
    this.store.patch({ level });
  }

  private get urlParams(): string {
    const { channel = 0, callType } = this.options;
    return `channel=${channel}${callType === undefined ? '' : `&calltype=${callType()}`}`;
  }

  private isCurrent(attempt: number): boolean {
    return this.state.attempt === attempt && this.state.phase !== 'idle';
  }

  /** Gives the connection back, later: the end of the talk may still wait to be sent. */
  private linger(): void {
    this.cancelLinger();
    if (this.lease === null) return;
    this.cancelLinger = this.options.clock.setTimer(LINGER_MS, () => this.finish());
  }

  private finish(): void {
    this.cancelLinger();
    this.lease?.release();
    this.lease = null;
  }
}

function rejected(status: number, message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.VoiceFailed,
    phase: 'voice',
    reason: 'voice-rejected',
    message,
    retryable: true,
    status,
  });
}
