import { ByteWriter, MAX_VARINT } from '../../services/p2p/session/bytes';
import { frameLength, writeFrame } from '../../services/p2p/session/frames';
import type { Frame } from '../../services/p2p/session/frames';
import { MAX_FRAMES_BYTES } from '../../services/p2p/session/packet';
import type { Mutator } from './mutator';

export const FRAME_TYPES = [
  'ping',
  'ack',
  'reset-stream',
  'stop-sending',
  'stream',
  'max-data',
  'max-stream-data',
  'max-streams',
  'path-challenge',
  'path-response',
  'add-address',
  'remove-address',
  'punch-me-now',
  'connection-close',
] as const satisfies readonly Frame['type'][];

/** Those that a session survives when their values are within its limits. */
const LASTING = FRAME_TYPES.filter(
  (type) => type !== 'connection-close' && !type.startsWith('path-'),
);
const PROBES = ['path-challenge', 'path-response', 'ping'] as const;
/** The size that all streams of a session that shall last end at. */
const FINAL_SIZE = 61_000;
const EDGES = [0, 1, 63, 64, 16383, 16384, 2 ** 21, 2 ** 22, 2 ** 30, 2 ** 32, MAX_VARINT] as const;
const REASONS = ['', 'bye', 'ä€😀', 'x'.repeat(80)] as const;

/** Where a session stands, as far as its hostile peer knows. */
export interface PeerView {
  /** Ids of streams the peer opens are 4·n plus this. */
  readonly peerStreams: 0 | 1;
  /** The next stream that is not open yet. */
  streamIndex: number;
  /** Streams that may be opened. */
  readonly streamLimit: number;
  /** The highest packet number the session has sent, by path. */
  readonly sent: ReadonlyMap<number, number>;
}

export interface FramesOptions {
  /** Whether the session shall survive them. */
  readonly lasting: boolean;
  /** Whether they go into a probe. */
  readonly probe: boolean;
}

/** A packet's frames: well-formed, meant to hurt. */
export function hostileFrames(
  mutator: Mutator,
  view: PeerView,
  { lasting, probe }: FramesOptions,
): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(MAX_FRAMES_BYTES));
  for (let count = mutator.chance(0.05) ? 150 : 1 + mutator.below(5); count > 0; count--) {
    const types = probe ? PROBES : lasting ? LASTING : FRAME_TYPES;
    const frame = hostileFrame(mutator, view, mutator.pick<Frame['type']>(types), lasting);
    if (roomFor(frame) > writer.remaining) break;
    writeFrame(writer, frame);
  }
  return writer.written();
}

function roomFor(frame: Frame): number {
  if (frame.type === 'stream') return 30 + frame.data.length;
  return frame.type === 'ack' ? 40 : frameLength(frame);
}

function hostileFrame(
  mutator: Mutator,
  view: PeerView,
  type: Frame['type'],
  lasting: boolean,
): Frame {
  const integer = () => (mutator.chance(0.3) ? mutator.pick(EDGES) : mutator.below(4096));
  const streamId = () => {
    if (!lasting && mutator.chance(0.3)) return integer();
    // Mostly streams that are open, now and then a new one.
    const index = view.streamIndex - mutator.below(8);
    if (mutator.chance(0.1) && view.streamIndex + 1 < view.streamLimit) view.streamIndex++;
    return 4 * Math.max(0, index) + view.peerStreams;
  };
  switch (type) {
    case 'ping':
      return { type };
    case 'ack':
      return ack(mutator, view, lasting);
    case 'reset-stream': {
      const finalSize = lasting ? FINAL_SIZE : integer();
      return { type, streamId: streamId(), errorCode: integer(), finalSize };
    }
    case 'stop-sending':
      return { type, streamId: streamId(), errorCode: integer() };
    case 'stream': {
      const data = mutator.noise(mutator.chance(0.5) ? mutator.below(4) : mutator.below(600));
      const fin = mutator.chance(lasting ? 0.002 : 0.2);
      const last = FINAL_SIZE - data.length;
      const offset = mutator.chance(0.5) ? 0 : mutator.below(lasting ? last : 5_000_000);
      return { type, streamId: streamId(), offset: lasting && fin ? last : offset, data, fin };
    }
    case 'max-data':
    case 'max-streams':
      return { type, maximum: integer() };
    case 'max-stream-data':
      return { type, streamId: streamId(), maximum: integer() };
    case 'path-challenge':
    case 'path-response':
      return { type, data: mutator.bytes(8) };
    case 'add-address': {
      const ip = mutator.bytes(mutator.chance(0.5) ? 4 : 16);
      return { type, sequence: integer(), address: { ip, port: mutator.below(65_536) } };
    }
    case 'remove-address':
      return { type, sequence: integer() };
    case 'punch-me-now':
      return { type, round: integer() };
    case 'connection-close':
      return { type, errorCode: integer(), reason: mutator.pick(REASONS) };
  }
}

function ack(mutator: Mutator, view: PeerView, lasting: boolean): Frame {
  const pathId = mutator.below(4);
  const largest = view.sent.get(pathId) ?? 0;
  if (lasting && !view.sent.has(pathId)) return { type: 'ping' };
  // Beyond what was sent is a violation; short of it, an optimistic ACK of what may never have arrived.
  let start = lasting ? mutator.below(largest + 1) : mutator.below(2 * largest + 4);
  const ranges = [];
  for (let count = mutator.below(20); count >= 0; count--) {
    const end = lasting
      ? Math.min(largest + 1, start + 1 + mutator.below(9))
      : start + 1 + mutator.below(9);
    if (end <= start) break;
    ranges.push({ start, end });
    start = end + 1 + mutator.below(4);
  }
  if (ranges.length === 0) ranges.push({ start: 0, end: 1 });
  return { type: 'ack', pathId, ranges, delayMs: mutator.below(100) };
}
