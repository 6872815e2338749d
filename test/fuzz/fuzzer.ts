import { readFrames } from '../../services/p2p/session/frames';
import { MAX_FRAMES_BYTES, MAX_PACKET_BYTES, PacketType } from '../../services/p2p/session/packet';
import { PROBE_PATH_ID } from '../../services/p2p/session/probing';
import { codecTargets, DoorTarget } from './codec-targets';
import type { CodecTarget } from './codec-targets';
import { hostileFrames } from './hostile-frames';
import { Mutator } from './mutator';
import { retained } from './retained';
import { SessionTarget } from './session-target';
import type { TargetKind } from './session-target';

/** Packets that a session outlives its own end by, so that the closed state is attacked too. */
const AFTER_CLOSE_PACKETS = 20;
/** A session that holds out is replaced after so many packets, another kind's turn. */
const MAX_PACKETS = 20_000;
const MEASURE_EVERY = 2000;
const DOOR_SHARE = 0.0005;
const FORGED_HANDSHAKE_SHARE = 0.0005;
const CODEC_SHARE = 0.25;

export interface FuzzReport {
  readonly seed: number;
  inputs: number;
  /** Inputs by what they were thrown at. */
  readonly targets: Record<string, number>;
  /** Frames by type that a session read in authentic packets. */
  readonly frames: Record<string, number>;
  /** Authentic packets whose frames were malformed. */
  malformed: number;
  /** Sessions by how they ended. */
  readonly sessions: Record<string, number>;
  /** The most that one session or the camera's door held at any time measured. */
  readonly most: { entries: number; bytes: number };
}

/** Throws mutated packets, frames and messages at everything that reads what comes from the network. */
export class Fuzzer {
  readonly report: FuzzReport;
  private readonly mutator: Mutator;
  private readonly codecs: [string, CodecTarget][];
  private readonly door: DoorTarget;
  private readonly slots: { target: SessionTarget; lasting: boolean; left: number }[];

  constructor(seed: number) {
    this.mutator = new Mutator(seed);
    this.report = {
      seed,
      inputs: 0,
      targets: {},
      frames: {},
      malformed: 0,
      sessions: {},
      most: { entries: 0, bytes: 0 },
    };
    this.codecs = Object.entries(codecTargets(this.mutator));
    this.door = new DoorTarget(this.mutator);
    const kinds: readonly [TargetKind, boolean][] = [
      ['camera', true],
      ['viewer', true],
      ['camera', false],
      ['viewer', false],
      ['handshaking', false],
    ];
    this.slots = kinds.map(([kind, lasting]) => this.newSlot(kind, lasting));
  }

  /** @throws Error when something gave way; `report.inputs` and the seed tell where. */
  run(inputs: number): void {
    for (const end = this.report.inputs + inputs; this.report.inputs < end; this.report.inputs++) {
      this.one();
      if (this.report.inputs % MEASURE_EVERY === 0) this.measure();
    }
  }

  private one(): void {
    const { mutator } = this;
    if (mutator.chance(DOOR_SHARE)) {
      this.count('message 1');
      this.door.run();
    } else if (mutator.chance(CODEC_SHARE)) {
      const [name, run] = mutator.pick(this.codecs);
      this.count(name);
      run();
    } else this.attackSession();
  }

  private attackSession(): void {
    const { mutator } = this;
    const slot = mutator.pick(this.slots);
    const { target, lasting } = slot;
    const state = target.close === null ? '' : ', closed';
    const kind = mutator.below(10);
    const earlier = target.earlierPacket();
    if (target.kind === 'handshaking') this.forge(target, `${target.kind}${state}`);
    else if (kind < 4 || earlier === null) {
      this.count(`${target.kind}${state}: frames`);
      const pathId = target.nextPathId();
      const probe = pathId === PROBE_PATH_ID;
      let frames = hostileFrames(mutator, target, { lasting, probe });
      if (!lasting && mutator.chance(0.7)) frames = mutator.mutate(frames, MAX_FRAMES_BYTES);
      this.countFrames(frames);
      target.receiveFrames(frames, pathId);
    } else if (kind < 7) {
      this.count(`${target.kind}${state}: broken packet`);
      target.receive(mutator.mutate(earlier, MAX_PACKET_BYTES));
    } else if (kind < 9) {
      this.count(`${target.kind}${state}: repeated packet`);
      target.receive(earlier);
    } else this.forge(target, `${target.kind}${state}`);
    this.settle(slot);
  }

  /** A packet of any type that nobody sealed. */
  private forge(target: SessionTarget, name: string): void {
    const { mutator } = this;
    const packet = mutator.noise(1 + mutator.below(MAX_PACKET_BYTES)).slice();
    packet[0] = mutator.below(8);
    // Reading a message 2 costs Diffie-Hellman operations.
    const isHandshake = packet[0] === PacketType.Handshake && target.kind === 'handshaking';
    if (isHandshake && !mutator.chance(FORGED_HANDSHAKE_SHARE)) packet[0] = PacketType.OneRtt;
    if (mutator.chance(0.8))
      packet.set(target.session.localConnectionId.subarray(0, packet.length - 1), 1);
    this.count(`${name}: forged packet`);
    target.receive(packet);
  }

  private settle(slot: Fuzzer['slots'][number]): void {
    const { target } = slot;
    if (target.close === null && target.packets < MAX_PACKETS) return;
    if (target.close !== null && slot.left-- > 0) return;
    const { close } = target;
    const code = close?.kind === 'violation' ? ` 0x${close.errorCode.toString(16)}` : '';
    const end = `${slot.lasting ? 'lasting: ' : ''}${close?.kind ?? 'held out'}${code}`;
    this.report.sessions[end] = (this.report.sessions[end] ?? 0) + 1;
    Object.assign(slot, this.newSlot(target.kind, slot.lasting));
  }

  private newSlot(kind: TargetKind, lasting: boolean): Fuzzer['slots'][number] {
    const left = this.mutator.below(AFTER_CLOSE_PACKETS);
    return { target: new SessionTarget(kind, this.mutator), lasting, left };
  }

  private measure(): void {
    const { most } = this.report;
    for (const held of [...this.slots.map(({ target }) => target.session), this.door.acceptor]) {
      const { entries, bytes } = retained(held);
      most.entries = Math.max(most.entries, entries);
      most.bytes = Math.max(most.bytes, bytes);
    }
  }

  private count(name: string): void {
    this.report.targets[name] = (this.report.targets[name] ?? 0) + 1;
  }

  private countFrames(payload: Uint8Array): void {
    try {
      for (const { type } of readFrames(payload)) {
        this.report.frames[type] = (this.report.frames[type] ?? 0) + 1;
      }
    } catch {
      this.report.malformed++;
    }
  }
}
