import { nobleCrypto } from '../../services/host';
import { Acceptor, keyPairOf, Session, StreamPriority } from '../../services/p2p/session';
import type { SessionObserver, Stream } from '../../services/p2p/session';

/** JavaScriptCore's shell has these two, and little else. */
declare const print: ((text: string) => void) | undefined;
declare const preciseTime: (() => number) | undefined;

const PACKETS = 400;
const CHUNK = new Uint8Array(64 * 1024).fill(0x5a);

const nowMs = (): number =>
  typeof preciseTime === 'function' ? preciseTime() * 1000 : performance.now();

let seed = 1;
const random = {
  bytes: (length: number) =>
    Uint8Array.from({ length }, () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) >> 16),
};

function observer(onStream: (stream: Stream) => void): SessionObserver {
  const ignore = () => undefined;
  return { onConnected: ignore, onStream, onClosed: ignore, onWake: ignore };
}

/** Unix ms; long after the camera's start, whose first seconds ask for a second round trip. */
const WALL_MS = 60_000;

/** A camera and a viewer in one process; time is ours, so that pacing never holds a packet back. */
function connect(clear: boolean) {
  const cameraKey = keyPairOf(random.bytes(32));
  const accessSecret = random.bytes(16);
  const acceptor = new Acceptor({ random, staticKey: cameraKey, accessSecret, startedAtMs: 0 });
  const viewer = Session.connect({
    random,
    observer: observer(() => undefined),
    route: 0,
    staticKey: keyPairOf(random.bytes(32)),
    cameraKey: cameraKey.publicKey,
    accessSecret,
    localConnectionId: random.bytes(8),
    nowMs: 0,
    wallMs: () => WALL_MS,
  });
  const request = viewer.openStream(StreamPriority.Live, true)!;
  request.acceptsClear = clear;
  request.write(Uint8Array.of(1));
  const initial = viewer.nextPacket(0)!.bytes;
  const accepted = acceptor.accept(initial, WALL_MS, true);
  if (accepted.kind !== 'accepted') throw new Error('the handshake failed');
  let response: Stream | null = null;
  const camera = Session.accept(
    { random, route: 0, observer: observer((stream) => (response = stream)) },
    accepted,
    0,
  );
  camera.start(accepted, 0);
  viewer.receive(accepted.response, 0, 0);
  const opened = response as unknown as Stream;
  if (clear) opened.writeClear();
  return { camera, viewer, response: opened };
}

function run(clear: boolean): { sendUs: number; receiveUs: number; handshakeMs: number } {
  const startMs = nowMs();
  const { camera, viewer, response } = connect(clear);
  const handshakeMs = nowMs() - startMs;
  let clockMs = 0;
  let sendMs = 0;
  let receiveMs = 0;
  let packets = 0;
  while (packets < PACKETS) {
    clockMs += 5;
    if (response.bufferedBytes() < CHUNK.length) response.write(CHUNK);
    for (;;) {
      const sendStartMs = nowMs();
      const packet = camera.nextPacket(clockMs);
      const sentMs = nowMs();
      if (packet === null) break;
      viewer.receive(packet.bytes, 0, clockMs);
      receiveMs += nowMs() - sentMs;
      if (packet.bytes.length < 1190) continue;
      sendMs += sentMs - sendStartMs;
      packets++;
    }
    for (;;) {
      // The ACKs are part of what receiving costs.
      const ackStartMs = nowMs();
      const ack = viewer.nextPacket(clockMs);
      receiveMs += nowMs() - ackStartMs;
      if (ack === null) break;
      camera.receive(ack.bytes, 0, clockMs);
    }
    camera.onTimeout(clockMs);
    viewer.onTimeout(clockMs);
  }
  return {
    sendUs: (sendMs / packets) * 1000,
    receiveUs: (receiveMs / packets) * 1000,
    handshakeMs,
  };
}

/** The cipher alone, as the floor of what a packet costs; a clear one is associated data. */
function cipher(clear: boolean): { sealUs: number; openUs: number } {
  const key = random.bytes(32);
  const nonce = new Uint8Array(12);
  const plain = random.bytes(clear ? 0 : 1171);
  const header = random.bytes(clear ? 1184 : 13);
  const sealed = new Uint8Array(plain.length + 16);
  const sealStartMs = nowMs();
  for (let i = 0; i < PACKETS; i++) nobleCrypto.seal(key, nonce, header, plain, sealed);
  const openStartMs = nowMs();
  for (let i = 0; i < PACKETS; i++) nobleCrypto.open(key, nonce, header, sealed);
  const endMs = nowMs();
  return {
    sealUs: ((openStartMs - sealStartMs) / PACKETS) * 1000,
    openUs: ((endMs - openStartMs) / PACKETS) * 1000,
  };
}

const kinds = [false, true];
for (const clear of kinds) {
  run(clear);
  cipher(clear);
}
const result = JSON.stringify(
  kinds.map((clear) => ({
    packets: clear ? 'clear' : 'sealed',
    ...run(clear),
    ...cipher(clear),
  })),
);
if (typeof print === 'function') print(result);
else console.log(result);
