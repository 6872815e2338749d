import type { Crypto, Random } from '../../host';
import type { FlowControl } from './flow-control';
import { InitiatorHandshake, MAX_EARLY_FRAMES_BYTES, pskOf } from './handshake';
import type { Message2 } from './handshake';
import type { KeyPair, TrafficKeys } from './noise';
import { PacketBuilder } from './packet-builder';
import { acknowledgeFrames, resendFrames } from './sent-packet';
import type { Stream } from './stream';
import { TransportErrorCode } from './transport-error';

/** How long an initiator tries to get an answer to its message 1. */
const HANDSHAKE_TIMEOUT_MS = 10_000;
const FIRST_RETRANSMIT_MS = 250;
const MAX_RETRANSMIT_MS = 2000;
/** Clock-skew refusals after which the initiator gives up: each one corrects the clock. */
const MAX_CLOCK_CORRECTIONS = 2;

export interface ConnectingOptions {
  readonly random: Random;
  readonly staticKey: KeyPair;
  readonly cameraKey: Uint8Array;
  readonly accessSecret: Uint8Array;
  readonly localConnectionId: Uint8Array;
  readonly nowMs: number;
  /** Reads the wall clock, unix ms. */
  readonly wallMs: () => number;
  /** The host's, if it has one. */
  readonly crypto?: Crypto | undefined;
}

/** An initiator's life up to message 2: sends message 1 until it is answered. */
export class Connecting {
  readonly deadlineMs: number;
  /** Streams whose first bytes may ride in message 1. */
  readonly earlyStreams = new Set<Stream>();
  /** Whether the camera has answered at all. */
  answered = false;
  private readonly options: ConnectingOptions;
  private readonly flow: FlowControl;
  private handshake: InitiatorHandshake | null = null;
  private initial: Uint8Array | null = null;
  private early: PacketBuilder | null = null;
  private dueMs: number;
  private retransmitMs = FIRST_RETRANSMIT_MS;
  private clockOffsetMs = 0;
  private clockCorrections = 0;

  constructor(options: ConnectingOptions, flow: FlowControl) {
    this.options = options;
    this.flow = flow;
    this.dueMs = options.nowMs;
    this.deadlineMs = options.nowMs + HANDSHAKE_TIMEOUT_MS;
  }

  nextTimeoutMs(pathUsable: boolean): number {
    return pathUsable ? Math.min(this.dueMs, this.deadlineMs) : this.deadlineMs;
  }

  /** The path can be used again: message 1 leaves at once. */
  restartTimer(nowMs: number): void {
    this.dueMs = Math.min(this.dueMs, nowMs);
    this.retransmitMs = FIRST_RETRANSMIT_MS;
  }

  /** Does the arithmetic of message 1 ahead of time, e.g. while a relay is being dialled. */
  prepare(): void {
    const { options } = this;
    this.handshake ??= new InitiatorHandshake({
      random: options.random,
      staticKey: options.staticKey,
      cameraKey: options.cameraKey,
      psk: pskOf(options.accessSecret, options.cameraKey),
      connectionId: options.localConnectionId,
      crypto: options.crypto,
    });
  }

  /** Message 1 when it is due, the same each time. */
  nextPacket(nowMs: number): Uint8Array | null {
    if (nowMs < this.dueMs) return null;
    this.initial ??= this.begin();
    this.dueMs = nowMs + this.retransmitMs;
    this.retransmitMs = Math.min(2 * this.retransmitMs, MAX_RETRANSMIT_MS);
    return this.initial;
  }

  /** @returns keys and what the camera says of itself; null for a packet that is not its answer. */
  onHandshake(packet: Uint8Array): { keys: TrafficKeys; message: Message2 } | null {
    const answer = this.handshake?.readHandshake(packet) ?? null;
    if (this.initial !== null) this.answered = true;
    // Message 1 arrived, and with it the frames that rode in it.
    if (answer !== null && this.early !== null) acknowledgeFrames(this.early.frames);
    return answer;
  }

  /** @returns the camera's refusal; null for a packet that is none, or one that a new try may cure. */
  onRefusal(packet: Uint8Array, nowMs: number): { errorCode: number; reason: string } | null {
    const refusal = this.handshake?.readRefusal(packet) ?? null;
    if (refusal === null) return null;
    this.answered = true;
    const cameraMs = Number(refusal.reason);
    const curable =
      refusal.errorCode === TransportErrorCode.ClockSkew &&
      Number.isFinite(cameraMs) &&
      this.clockCorrections < MAX_CLOCK_CORRECTIONS;
    if (!curable) return refusal;
    this.clockCorrections++;
    this.clockOffsetMs = cameraMs - this.options.wallMs();
    if (this.early !== null) resendFrames(this.early.frames);
    this.handshake = null;
    this.initial = null;
    this.early = null;
    this.dueMs = nowMs;
    return null;
  }

  private begin(): Uint8Array {
    const { options, flow } = this;
    this.prepare();
    this.early = new PacketBuilder(MAX_EARLY_FRAMES_BYTES);
    for (const stream of this.earlyStreams) flow.onSent(this.early.addStream(stream, flow.credit));
    const wallMs = Math.max(0, Math.round(options.wallMs() + this.clockOffsetMs));
    return this.handshake!.writeInitial(wallMs, this.early.bytes());
  }
}
