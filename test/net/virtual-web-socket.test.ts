import type { WebSocketLink } from '../../services/host';
import { keyPairOf } from '../../services/p2p/session';
import { RelayClient } from '../../services/p2p/transport';
import type { Impairment } from './impaired-link';
import { VirtualClock } from './virtual-clock';
import type { VirtualHost } from './virtual-host';
import { VirtualNetwork } from './virtual-network';
import type { VirtualRelay } from './virtual-relay';

/** A peer at the relay that notes what happens. */
class Peer {
  readonly log: string[] = [];
  readonly received: { readonly number: number; readonly atMs: number }[] = [];
  readonly client: RelayClient;
  readonly key: Uint8Array;
  link: WebSocketLink | null = null;

  constructor(
    readonly host: VirtualHost,
    relay: VirtualRelay,
    keyByte: number,
  ) {
    const app = host.createHost();
    const { privateKey, publicKey } = keyPairOf(new Uint8Array(32).fill(keyByte));
    const note = (text: string) => this.log.push(`${text} ${app.clock.nowMs()}`);
    this.key = publicKey;
    this.client = new RelayClient({
      host: {
        ...app,
        openWebSocket: (url, events) => (this.link = app.openWebSocket!(url, events)),
      },
      url: relay.url,
      privateKey,
      publicKey,
      events: {
        onReady: () => note('ready'),
        onRegistered: () => note('registered'),
        onLost: (detail) => note(`lost: ${detail},`),
        onPeerGone: () => note('peer gone'),
        onPacket: (_, packet) => {
          const number = new DataView(packet.buffer, packet.byteOffset).getUint32(0);
          this.received.push({ number, atMs: app.clock.nowMs() });
        },
      },
    });
  }

  send(to: Peer, number: number, sizeBytes = 1000): void {
    const packet = new Uint8Array(sizeBytes);
    new DataView(packet.buffer).setUint32(0, number);
    this.client.send(to.key, packet);
  }

  get numbers(): number[] {
    return this.received.map(({ number }) => number);
  }
}

function createWorld(impairment: Impairment = { delayMs: 10 }) {
  const clock = new VirtualClock();
  const network = new VirtualNetwork(clock, 4);
  const relay = network.addRelay({ delayMs: 10 });
  const access = network.addAccess({ nat: 'udp-blocked', up: impairment, down: impairment });
  const peer = new Peer(network.addHost({ access }), relay, 1);
  const other = new Peer(network.addHost(), relay, 2);
  return { clock, network, relay, access, peer, other };
}

const upTo = (count: number) => Array.from({ length: count }, (_, number) => number);

/** Sends numbered packets, one each `intervalMs`. */
function stream(clock: VirtualClock, from: Peer, to: Peer, count: number, intervalMs: number) {
  for (const number of upTo(count)) {
    clock.setTimer(number * intervalMs, () => from.send(to, number));
  }
}

describe('VirtualWebSocket', () => {
  it('takes a round trip for TCP and one for HTTP before the relay speaks', () => {
    const { clock, peer } = createWorld();
    clock.advance(200);
    // A round trip is 40 ms. The challenge follows the answer to the request at once.
    expect(peer.log).toEqual(['ready 80', 'registered 120']);
  });

  it('takes one more for TLS', () => {
    const clock = new VirtualClock();
    const network = new VirtualNetwork(clock, 4);
    const relay = network.addRelay({ url: 'wss://relay.example/relay' });
    const peer = new Peer(network.addHost(), relay, 1);
    clock.advance(200);
    expect(peer.log).toEqual(['ready 120', 'registered 160']);
  });

  it('carries packets where UDP is blocked', () => {
    const { clock, peer, other } = createWorld();
    clock.advance(200);
    peer.send(other, 7);
    clock.advance(100);
    expect(other.received).toEqual([{ number: 7, atMs: 240 }]);
  });

  it('delivers all and in order over a bad link, where a loss delays what follows', () => {
    const { clock, peer, other, access } = createWorld();
    clock.advance(200);
    access.impair({ delayMs: 20, jitterMs: 30, loss: 0.05, duplicate: 0.05 });
    stream(clock, peer, other, 1000, 5);
    clock.advance(10_000);
    expect(other.numbers).toEqual(upTo(1000));
    expect(access.up.counters.lost).toBeGreaterThan(20);
    const delays = other.received.map(({ number, atMs }) => atMs - 200 - number * 5);
    expect(Math.max(...delays)).toBeGreaterThan(140);
    const inTime = delays.filter((delay) => delay < 80).length;
    expect(inTime).toBeGreaterThan(200);
    expect(inTime).toBeLessThan(950);
  });

  it('leaves the bottleneck’s queue short, and tells what waits before it', () => {
    const { clock, peer, other, access } = createWorld();
    clock.advance(200);
    access.impair({ delayMs: 10, rate: 125 }, 'up');
    for (const number of upTo(100)) peer.send(other, number, 1100);
    expect(access.up.queueMs).toBeGreaterThan(45);
    expect(access.up.queueMs).toBeLessThan(65);
    expect(peer.link!.bufferedBytes()).toBeGreaterThan(95_000);
    clock.advance(400);
    expect(peer.link!.bufferedBytes()).toBeGreaterThan(50_000);
    expect(peer.link!.bufferedBytes()).toBeLessThan(65_000);
    clock.advance(600);
    expect(peer.link!.bufferedBytes()).toBe(0);
    expect(other.numbers).toEqual(upTo(100));
  });

  it('survives an interruption of some seconds', () => {
    const { clock, peer, other, access } = createWorld();
    clock.advance(200);
    stream(clock, peer, other, 100, 50);
    clock.advance(1000);
    peer.host.moveTo(null, { tellAfterMs: null });
    clock.advance(3000);
    const before = other.received.length;
    expect(before).toBeLessThan(25);
    peer.host.moveTo(access, { tellAfterMs: null });
    clock.advance(5000);
    expect(other.numbers).toEqual(upTo(100));
    expect(peer.log).toHaveLength(2);
  });

  it('stands still, without a word, when the host has moved', () => {
    const { clock, network, peer, other } = createWorld();
    clock.advance(200);
    peer.host.moveTo(network.addAccess());
    peer.send(other, 1);
    other.send(peer, 2);
    clock.advance(20_000);
    expect([peer.numbers, other.numbers, peer.log.length]).toEqual([[], [], 2]);
    // The client notices the silence and registers anew.
    clock.advance(60_000);
    expect(peer.log.slice(2).map((line) => line.split(/[, ]/)[0])).toEqual([
      'lost:',
      'ready',
      'registered',
    ]);
    other.send(peer, 3);
    clock.advance(200);
    expect(peer.numbers).toEqual([3]);
  });

  it('ends with an error where the system says so', () => {
    const { clock, network, peer } = createWorld();
    clock.advance(200);
    peer.host.moveTo(network.addAccess(), { webSockets: 'error' });
    expect(peer.log.at(-1)).toBe('lost: connection aborted, 200');
  });

  it('is reset by the first word after the NAT was restarted', () => {
    const { clock, peer, other, access } = createWorld();
    clock.advance(200);
    access.nat.rebind();
    other.send(peer, 1);
    clock.advance(1000);
    expect([peer.numbers, peer.log.length]).toEqual([[], 2]);
    peer.send(other, 2);
    clock.advance(100);
    expect(peer.log.at(-1)).toBe('lost: connection reset, 1220');
  });

  it('keeps messages for an application that sleeps', () => {
    const { clock, peer, other } = createWorld();
    clock.advance(200);
    peer.host.sleep(5000);
    other.send(peer, 1);
    clock.advance(4999);
    expect(peer.received).toEqual([]);
    clock.advance(1);
    expect(peer.received).toEqual([{ number: 1, atMs: 5200 }]);
  });

  it('fails where there is no network, no relay, or a dead one', () => {
    const { clock, network, relay } = createWorld();
    const attempt = (host: VirtualHost, url: string) => {
      const closed: string[] = [];
      const app = host.createHost();
      app.openWebSocket!(url, {
        onOpen: () => closed.push('open'),
        onMessage: () => undefined,
        onClose: (reason) => closed.push(`${reason} ${app.clock.nowMs()}`),
      });
      return closed;
    };
    const offline = network.addHost();
    offline.moveTo(null);
    const outcomes = [
      attempt(offline, relay.url),
      attempt(network.addHost(), 'ws://nobody.example/'),
    ];
    clock.advance(100);
    expect(outcomes).toEqual([['network unreachable 0'], ['connection refused 20']]);
    relay.kill();
    const dead = attempt(network.addHost(), relay.url);
    clock.advance(200);
    expect(dead).toEqual(['connection refused 170']);
  });
});
