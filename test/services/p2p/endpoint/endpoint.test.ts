import type { IotError } from '../../../../services/errors';
import { CameraEndpoint, Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection, Listener, PathInfo } from '../../../../services/p2p/endpoint';
import type { RequestHandler, ResponseWriter } from '../../../../services/p2p/http';
import { StreamPriority } from '../../../../services/p2p/session';
import { VirtualClock } from '../../../net/virtual-clock';
import { VirtualRelay } from '../../../net/virtual-relay';

const SECRET = new Uint8Array(16).fill(7);
const CAMERA_PRIVATE_KEY = new Uint8Array(32).fill(3);

class World {
  readonly clock = new VirtualClock();
  readonly relay = new VirtualRelay(this.clock);
  readonly requests: string[] = [];
  readonly responses: ResponseWriter[] = [];
  sessions = 0;
  closes = 0;
  gone = 0;
  camera: CameraEndpoint | null = null;
  listener: Listener | null = null;
  private seed = 100;

  startCamera(onRequest?: RequestHandler, maxSessions?: number): void {
    this.camera = new CameraEndpoint(this.relay.createHost(this.seed++), {
      privateKey: CAMERA_PRIVATE_KEY,
    });
    this.listener = this.camera.listen({
      relayUrl: this.relay.url,
      accessSecret: SECRET,
      ...(maxSessions === undefined ? {} : { maxSessions }),
      onSessions: (count) => {
        this.sessions = count;
      },
      onViewerGone: () => {
        this.gone++;
      },
      onRequest: (request, response) => {
        this.requests.push(`${request.method} ${request.path} ${JSON.stringify(request.query)}`);
        this.responses.push(response);
        response.onClose = () => {
          this.closes++;
        };
        onRequest?.(request, response);
      },
    });
    this.clock.advance(1000);
  }

  /** The camera's process dies without a word: its socket breaks, its state is gone. */
  killCamera(): void {
    this.listener?.close();
    this.camera = null;
  }

  connect(overrides: { secret?: Uint8Array; url?: string } = {}): Viewer {
    const viewer = new Endpoint(this.relay.createHost(this.seed++));
    return new Viewer(viewer, {
      publicKey: new Endpoint(this.relay.createHost(1), { privateKey: CAMERA_PRIVATE_KEY })
        .publicKey,
      accessSecret: overrides.secret ?? SECRET,
      relayUrl: overrides.url ?? this.relay.url,
    });
  }
}

class Viewer {
  readonly connection: Connection;
  connected = false;
  readonly paths: string[] = [];
  error: IotError | null | undefined = undefined;
  readonly received: number[] = [];
  head: number | null = null;
  ended = false;
  failed: string | null = null;

  constructor(endpoint: Endpoint, address: Parameters<Endpoint['connect']>[0]) {
    this.connection = endpoint.connect(address, {
      onConnected: () => {
        this.connected = true;
      },
      onPath: (path: PathInfo) => this.paths.push(`${path.state}:${path.reason ?? ''}`),
      onClosed: (error) => {
        this.error = error;
      },
    });
  }

  get(target: string): this {
    this.connection.request(
      { method: 'GET', target, priority: StreamPriority.Live, early: true },
      {
        onHead: (head) => {
          this.head = head.status;
        },
        onData: (bytes) => this.received.push(...bytes),
        onEnd: () => {
          this.ended = true;
        },
        onFail: (reason) => {
          this.failed = reason;
        },
      },
    );
    return this;
  }
}

describe('Endpoint', () => {
  it('answers a request two round trips after the relay was dialled', () => {
    const world = new World();
    world.startCamera((_, response) => response.end(Uint8Array.of(1, 2, 3)));
    // In its first seconds a camera asks for message 1 once more.
    world.clock.advance(5000);
    const viewer = world.connect().get('/ipc.flv?action=live');
    // Dial and challenge 20 + 10, proof and registration 20, request and answer 40.
    world.clock.runUntil(() => viewer.ended, 91);
    expect(viewer.head).toBe(200);
    expect(viewer.received).toEqual([1, 2, 3]);
    expect(world.requests).toEqual(['GET /ipc.flv {"action":"live"}']);
    expect(viewer.paths).toEqual(['up:']);
  });

  it('tells the camera how much it may send to a viewer', () => {
    const world = new World();
    const rates: (number | null)[] = [];
    world.startCamera((_, response) => {
      rates.push(response.estimate().rateBps);
      response.write(new Uint8Array(20_000));
    });
    const viewer = world.connect().get('/ipc.flv?action=live');
    world.clock.advance(2000);
    expect(viewer.received).toHaveLength(20_000);
    rates.push(world.responses[0]!.estimate().rateBps);
    expect(rates).toEqual([null, expect.any(Number)]);
    expect(rates[1]).toBeGreaterThan(100_000);
  });

  it('says at once that the camera is offline', () => {
    const world = new World();
    const viewer = world.connect();
    world.clock.runUntil(() => viewer.error !== undefined, 200);
    expect(viewer.error).toMatchObject({ reason: 'peer-offline', code: -2403, retryable: true });
  });

  it('says at once that the relay cannot be reached', () => {
    const world = new World();
    const viewer = world.connect({ url: 'ws://nobody.example/relay' });
    world.clock.runUntil(() => viewer.error !== undefined, 200);
    expect(viewer.error).toMatchObject({ reason: 'relay-unreachable', retryable: true });
  });

  it('says at once that the access secret is wrong, and that trying again is pointless', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect({ secret: new Uint8Array(16) });
    world.clock.runUntil(() => viewer.error !== undefined, 300);
    expect(viewer.error).toMatchObject({ reason: 'access-denied', retryable: false });
    expect(world.sessions).toBe(0);
  });

  it('says that the camera is full', () => {
    const world = new World();
    world.startCamera(undefined, 1);
    const first = world.connect();
    world.clock.runUntil(() => first.connected, 300);
    const second = world.connect();
    world.clock.runUntil(() => second.error !== undefined, 300);
    expect(second.error).toMatchObject({ reason: 'device-busy', retryable: true });
    expect(first.error).toBeUndefined();
  });

  it('goes on with the same session and the same stream after the relay was away', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => world.responses.length === 1, 300);
    world.responses[0]!.write(Uint8Array.of(1));
    world.clock.advance(500);
    world.relay.kill();
    world.responses[0]!.write(Uint8Array.of(2));
    world.clock.advance(8000);
    expect(viewer.paths.at(-1)).toBe('down:relay-unreachable');
    expect(viewer.received).toEqual([1]);
    world.relay.start();
    world.clock.runUntil(() => viewer.received.length === 2, 15_000);
    expect(viewer.received).toEqual([1, 2]);
    expect(viewer.paths.at(-1)).toBe('up:');
    expect(viewer.error).toBeUndefined();
    expect(world.requests).toHaveLength(1);
  });

  it('ends within 31 s when the relay stays away, and says why', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.connected, 300);
    world.relay.kill();
    world.clock.runUntil(() => viewer.error !== undefined, 31_000);
    expect(viewer.error).toMatchObject({ reason: 'relay-unreachable' });
    expect(viewer.failed).toBe('reset');
  });

  it('notices that the camera left, and that it is back with its memory lost', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.connected, 300);
    // Its socket breaks before it can say anything.
    world.relay.kill();
    world.relay.start();
    world.camera = null;
    const listener = world.listener!;
    listener.close();
    world.clock.runUntil(() => viewer.paths.at(-1) === 'down:peer-offline', 5000);
    expect(viewer.error).toBeUndefined();
    world.startCamera();
    world.clock.runUntil(() => viewer.error !== undefined, 3000);
    expect(viewer.error).toMatchObject({ reason: 'connection-lost', retryable: true });
  });

  it('tells the viewers when the camera stops in good order', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect();
    world.clock.runUntil(() => viewer.connected, 300);
    world.killCamera();
    world.clock.runUntil(() => viewer.error !== undefined, 300);
    expect(viewer.error).toMatchObject({ reason: 'connection-lost' });
  });

  it('tells the camera when a viewer closes, or cancels a request', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.connected, 300);
    viewer.connection.close();
    world.clock.runUntil(() => world.sessions === 0, 300);
    expect(world.closes).toBe(1);
    expect(viewer.error).toBeNull();
  });

  it('tells the camera that a viewer is gone with its last session', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.connected, 300);
    expect(world.gone).toBe(0);
    viewer.connection.close();
    world.clock.runUntil(() => world.sessions === 0, 300);
    expect(world.gone).toBe(1);
  });

  it('frees a viewer that vanished 10 s after the relay noticed', () => {
    const world = new World();
    world.startCamera((_, response) => {
      response.write(new Uint8Array(10));
    });
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.connected, 300);
    world.clock.advance(1000);
    // A page that is closed says nothing; its socket just ends.
    const inside = viewer.connection as unknown as { lease: { client: { close(): void } } };
    inside.lease.client.close();
    world.clock.advance(5000);
    expect(world.sessions).toBe(1);
    world.clock.advance(6000);
    expect(world.sessions).toBe(0);
    expect(world.closes).toBe(1);
  });

  it('keeps viewers apart: one leaves, the other goes on', () => {
    const world = new World();
    world.startCamera();
    const first = world.connect().get('/ipc.flv?v=1');
    const second = world.connect().get('/ipc.flv?v=2');
    world.clock.runUntil(() => first.connected && second.connected, 300);
    first.connection.close();
    world.clock.advance(1000);
    world.responses[world.requests.findIndex((line) => line.includes('"2"'))]!.write(
      Uint8Array.of(9),
    );
    world.clock.advance(100);
    expect(second.received).toEqual([9]);
    expect(world.sessions).toBe(1);
  });

  it('leaves the relay with its last connection', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect();
    world.clock.runUntil(() => viewer.connected, 300);
    expect(world.relay.openSockets).toBe(2);
    viewer.connection.close();
    world.clock.advance(100);
    expect(world.relay.openSockets).toBe(1);
  });

  it('contains an error of the app’s handler in its session', () => {
    const errors: unknown[] = [];
    const world = new World();
    const camera = new CameraEndpoint(world.relay.createHost(5), {
      privateKey: CAMERA_PRIVATE_KEY,
      onInternalError: (error) => errors.push(error),
    });
    camera.listen({
      relayUrl: world.relay.url,
      accessSecret: SECRET,
      onRequest: () => {
        throw new Error('a bug of the app');
      },
    });
    world.clock.advance(100);
    const viewer = world.connect().get('/ipc.flv');
    world.clock.runUntil(() => viewer.error !== undefined, 500);
    expect(errors).toHaveLength(1);
    expect(viewer.failed).toBe('reset');
  });

  it('hands a request over although its body never ends', () => {
    const world = new World();
    world.startCamera();
    const viewer = world.connect();
    world.clock.runUntil(() => viewer.connected, 300);
    viewer.connection.request(
      { method: 'POST', target: '/voice', priority: StreamPriority.Voice },
      {
        onHead: () => undefined,
        onData: () => undefined,
        onEnd: () => undefined,
        onFail: () => undefined,
      },
    );
    world.clock.advance(200);
    expect(world.requests).toEqual(['POST /voice {}']);
  });
});
