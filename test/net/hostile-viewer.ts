import { Session } from '../../services/p2p/session';
import type { OutgoingPacket, SessionClose, Stream } from '../../services/p2p/session';
import { ByteWriter } from '../../services/p2p/session/bytes';
import { ConnectionIds } from '../../services/p2p/session/connection-ids';
import { writeFrame } from '../../services/p2p/session/frames';
import type { Frame } from '../../services/p2p/session/frames';
import { MAX_FRAMES_BYTES, PacketProtector } from '../../services/p2p/session/packet';
import { SeededRandom } from './seeded-random';

/** A camera's session, and a viewer that holds its keys and seals whatever frames it likes. */
export class HostileViewer {
  readonly session: Session;
  readonly sent: OutgoingPacket[] = [];
  close: SessionClose | null = null;
  onStream: (stream: Stream) => void = () => undefined;
  nowMs = 0;
  private readonly ids: ConnectionIds;
  private readonly sealer: PacketProtector;
  private readonly numbers = new Map<number, number>();

  constructor(seed = 1) {
    const random = new SeededRandom(seed);
    const [initiatorKey, responderKey] = [random.bytes(32), random.bytes(32)];
    const keys = { initiatorKey, responderKey, handshakeHash: random.bytes(32) };
    const remoteConnectionId = random.bytes(8);
    const localConnectionId = random.bytes(8);
    this.ids = new ConnectionIds(keys, true, remoteConnectionId, localConnectionId);
    this.sealer = new PacketProtector(initiatorKey);
    const nothing = new Uint8Array(0);
    const accepted = {
      kind: 'accepted',
      keys,
      peerKey: new Uint8Array(32),
      remoteConnectionId,
      localConnectionId,
      early: nothing,
      response: nothing,
    } as const;
    const observer = {
      onConnected: () => undefined,
      onStream: (stream: Stream) => this.onStream(stream),
      onClosed: (close: SessionClose) => {
        this.close = close;
      },
      onWake: () => undefined,
    };
    this.session = Session.accept({ random, observer, route: 0 }, accepted, 0);
    this.session.start(accepted, 0);
  }

  /** Sends one packet; the frames must fit it. */
  send(frames: readonly Frame[], options: { pathId?: number; route?: number } = {}): void {
    const { pathId = 0, route = 0 } = options;
    const writer = new ByteWriter(new Uint8Array(MAX_FRAMES_BYTES));
    for (const frame of frames) writeFrame(writer, frame);
    const number = this.numbers.get(pathId) ?? 1;
    this.numbers.set(pathId, number + 1);
    const id = this.ids.remoteOf(pathId);
    const packet = this.sealer.seal(id, pathId, number, writer.written());
    this.session.receive(packet, route, this.nowMs);
    this.flush();
  }

  /** Lets time pass and timers fire. */
  wait(durationMs: number): void {
    for (const untilMs = this.nowMs + durationMs; ;) {
      const dueMs = this.session.nextTimeoutMs(this.nowMs);
      if (dueMs === null || dueMs > untilMs) {
        this.nowMs = untilMs;
        return;
      }
      this.nowMs = Math.max(this.nowMs, dueMs);
      this.session.onTimeout(this.nowMs);
      this.flush();
    }
  }

  private flush(): void {
    for (;;) {
      const packet = this.session.nextPacket(this.nowMs);
      if (packet === null) return;
      this.sent.push(packet);
    }
  }
}
