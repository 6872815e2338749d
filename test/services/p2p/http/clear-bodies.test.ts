import { CameraEndpoint, Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection } from '../../../../services/p2p/endpoint';
import type { RequestHandle, RequestHandler } from '../../../../services/p2p/http';
import { PacketType, StreamPriority } from '../../../../services/p2p/session';
import type { Host } from '../../../../services/host';
import { decodeRelayMessage } from '../../../../services/p2p/transport';
import { SeededRandom } from '../../../net/seeded-random';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualRelay } from '../../../net/virtual-relay';

const SECRET = new Uint8Array(16).fill(7);
const BODY = Buffer.from(new SeededRandom(8).bytes(100_000));
const HEAD_TEXTS = ['HTTP/1.1', 'ipc.flv', 'file_name', 'secret-name', 'x-camera'];

/** A camera and a viewer over a relay that listens in. */
class World {
  readonly clock = new VirtualClock();
  readonly relay = new VirtualRelay(this.clock);
  /** Packets as the relay sees them. */
  readonly up: Uint8Array[] = [];
  readonly down: Uint8Array[] = [];
  readonly uploaded: Uint8Array[] = [];
  readonly received: Uint8Array[] = [];
  handle: RequestHandle | null = null;
  ended = false;
  readonly connection: Connection;

  constructor(onRequest: RequestHandler, allowClear?: boolean) {
    const camera = new CameraEndpoint(tapped(this.relay.createHost(1), this.down));
    camera.listen({
      relayUrl: this.relay.url,
      accessSecret: SECRET,
      ...(allowClear !== undefined && { allowClear }),
      onRequest: (request, response) => {
        request.onData = (bytes) => this.uploaded.push(bytes);
        onRequest(request, response);
      },
    });
    this.clock.advance(1000);
    const viewer = new Endpoint(tapped(this.relay.createHost(2), this.up));
    this.connection = viewer.connect(
      { publicKey: camera.publicKey, accessSecret: SECRET, relayUrl: this.relay.url },
      { onConnected: () => undefined, onPath: () => undefined, onClosed: () => undefined },
    );
  }

  request(method: 'GET' | 'POST', target: string): this {
    const options = { method, target, priority: StreamPriority.Live, early: method === 'GET' };
    this.handle = this.connection.request(options, {
      onHead: () => undefined,
      onData: (bytes) => this.received.push(bytes),
      onEnd: () => (this.ended = true),
      onFail: (reason) => {
        throw new Error(reason);
      },
    });
    return this;
  }

  get whole(): boolean {
    this.clock.runUntil(() => this.ended, 10_000);
    return Buffer.concat(this.received).equals(BODY);
  }
}

function tapped(host: Host, packets: Uint8Array[]): Host {
  return {
    ...host,
    openWebSocket: (url, events) => {
      const link = host.openWebSocket!(url, events);
      return {
        ...link,
        send: (bytes) => {
          const message = decodeRelayMessage(bytes);
          if (message?.type === 'packet') packets.push(message.packet.slice());
          link.send(bytes);
        },
        bufferedBytes: () => link.bufferedBytes(),
        close: () => link.close(),
      };
    },
  };
}

/** How much of `BODY` can be read in the packets, in bytes. */
function overheard(packets: readonly Uint8Array[]): number {
  const wire = Buffer.concat(packets);
  for (const text of HEAD_TEXTS) expect(wire.includes(text)).toBe(false);
  let bytes = 0;
  for (let at = 0; at + 100 <= BODY.length; at += 100) {
    if (wire.includes(BODY.subarray(at, at + 100))) bytes += 100;
  }
  return bytes;
}

const clearPackets = (packets: readonly Uint8Array[]) =>
  packets.filter((packet) => packet[0] === PacketType.OneRttClear).length;

const serve: RequestHandler = (_, response) => {
  response.writeHead(200, { 'x-camera': 'secret-name' });
  response.end(BODY);
};

describe('a request with _crypto=off', () => {
  it.each([
    '/ipc.flv?action=live&channel=0&_crypto=off',
    '/file?_crypto=off&channel=0&file_name=secret-name&offset=0',
  ])('has its body sent in the clear, and its heads sealed (%s)', (target) => {
    const world = new World(serve).request('GET', target);
    expect(world.whole).toBe(true);
    expect(overheard(world.down)).toBeGreaterThan(0.7 * BODY.length);
    expect(overheard(world.up)).toBe(0);
    expect(clearPackets(world.up)).toBe(0);
  });

  it.each([
    '/ipc.flv?action=live',
    '/ipc.flv?action=live&_crypto=on',
    '/ipc.flv?action=live&crypto=off',
    '/command?action=inner_define&_crypto=off',
    '/capabilities?_crypto=off',
  ])('is the only one: %s stays sealed', (target) => {
    const world = new World(serve).request('GET', target);
    expect(world.whole).toBe(true);
    expect(overheard(world.down)).toBe(0);
    expect(clearPackets([...world.down, ...world.up])).toBe(0);
  });

  it('is served sealed by a camera that does not allow it', () => {
    const world = new World(serve, false).request('GET', '/ipc.flv?action=live&_crypto=off');
    expect(world.whole).toBe(true);
    expect(overheard(world.down)).toBe(0);
    expect(clearPackets(world.down)).toBe(0);
  });

  it('gets a refusal sealed', () => {
    const refuse: RequestHandler = (_, response) => {
      response.writeHead(404);
      response.end(BODY);
    };
    const world = new World(refuse).request('GET', '/file?_crypto=off&file_name=secret-name');
    expect(world.whole).toBe(true);
    expect(clearPackets(world.down)).toBe(0);
  });

  it('has its own body sealed until the camera has agreed, and clear from then on', () => {
    const listen: RequestHandler = (_, response) => response.writeHead(200);
    const world = new World(listen).request('POST', '/voice?channel=0&_crypto=off');
    const { clock, handle, uploaded, up } = world;
    const half = BODY.length / 2;
    handle!.write(BODY.subarray(0, half));
    clock.runUntil(() => Buffer.concat(uploaded).length === half, 10_000);
    const before = overheard(up);
    expect(before).toBeLessThan(half);
    clock.advance(1000);
    handle!.write(BODY.subarray(half));
    clock.runUntil(() => Buffer.concat(uploaded).length === BODY.length, 10_000);
    expect(Buffer.concat(uploaded).equals(BODY)).toBe(true);
    expect(overheard(up) - before).toBeGreaterThan(0.9 * half);
    expect(clearPackets(up.slice(0, 3))).toBe(0);
  });

  it('has its own body sealed for as long as the camera does not agree', () => {
    for (const allowClear of [true, false]) {
      const listen: RequestHandler = (request, response) => {
        if (!allowClear) response.writeHead(200);
        request.onEnd = () => response.end();
      };
      const world = new World(listen, allowClear).request('POST', '/voice?_crypto=off');
      world.handle!.write(BODY);
      world.clock.advance(1000);
      world.handle!.end();
      world.clock.runUntil(() => world.ended, 10_000);
      expect(Buffer.concat(world.uploaded).equals(BODY)).toBe(true);
      expect(overheard(world.up)).toBe(0);
      expect(clearPackets(world.up)).toBe(0);
    }
  });
});
