import { ChallengeKeys } from '../../../agents/relay/challenge-keys';
import { PeerRegistry } from '../../../agents/relay/peer-registry';
import { RelayCounters } from '../../../agents/relay/relay-counters';
import { DEFAULT_RELAY_LIMITS } from '../../../agents/relay/relay-limits';
import type { RelayLimits } from '../../../agents/relay/relay-limits';
import { RelaySession } from '../../../agents/relay/relay-session';
import type { RelayContext, RelayLink } from '../../../agents/relay/relay-session';
import { createNodeHost } from '../../../services/host/node';
import { RelayRefusal, encodeRelayMessage } from '../../../services/p2p/transport';
import type { RelayMessage } from '../../../services/p2p/transport';
import { ManualClock } from '../manual-clock';
import { RelayPeer, decode } from './relay-peer';

const AUTHORITY = 'relay.example';
const KEEP_ALIVE = encodeRelayMessage({ type: 'keep-alive' });

class FakeLink implements RelayLink {
  readonly sent: RelayMessage[] = [];
  buffered = 0;
  closedWith: string | null = null;
  send(message: Uint8Array): void {
    this.sent.push(decode(Uint8Array.from(message)));
  }
  bufferedBytes(): number {
    return this.buffered;
  }
  close(reason: string): void {
    this.closedWith = reason;
  }
  get last(): RelayMessage | undefined {
    return this.sent.at(-1);
  }
}

describe('RelaySession', () => {
  let clock: ManualClock;
  let context: RelayContext;

  const start = (limits: Partial<RelayLimits> = {}): void => {
    const { random } = createNodeHost();
    clock = new ManualClock();
    context = {
      clock,
      random,
      limits: { ...DEFAULT_RELAY_LIMITS, ...limits },
      counters: new RelayCounters(),
      registry: new PeerRegistry(limits.maxPeers ?? 10),
      challengeKeys: new ChallengeKeys(clock, random),
      log: () => undefined,
    };
  };

  const connect = (): { session: RelaySession; link: FakeLink } => {
    const link = new FakeLink();
    return { session: new RelaySession(context, link, AUTHORITY), link };
  };

  const register = (
    peer = new RelayPeer(),
  ): { session: RelaySession; link: FakeLink; peer: RelayPeer } => {
    const { session, link } = connect();
    session.receive(peer.auth(link.sent[0]!, AUTHORITY));
    return { session, link, peer };
  };

  beforeEach(() => start());

  it('registers a peer that proves its key', () => {
    const { link } = register();
    expect(link.last).toEqual({ type: 'registered', keepAliveS: 15 });
    expect(context.counters.peers).toBe(1);
  });

  it('refuses a proof for another authority', () => {
    const { session, link } = connect();
    session.receive(new RelayPeer().auth(link.sent[0]!, 'evil.example'));
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.BadProof });
    expect(link.closedWith).toBe('bad-proof');
  });

  it('refuses a proof of another challenge', () => {
    const { link: other } = connect();
    const { session, link } = connect();
    session.receive(new RelayPeer().auth(other.sent[0]!, AUTHORITY));
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.BadProof });
  });

  it('refuses a low-order key without an exception', () => {
    const { session, link } = connect();
    session.receive(
      encodeRelayMessage({
        type: 'auth',
        peerKey: new Uint8Array(32),
        mac: new Uint8Array(32),
      }),
    );
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.BadProof });
  });

  it('gives each socket its own nonce, and changes its key within minutes', () => {
    const [first, second] = [connect().link.sent[0], connect().link.sent[0]] as const;
    clock.advance(60_000);
    const third = connect().link.sent[0];
    if (first?.type !== 'challenge' || second?.type !== 'challenge') throw new Error();
    if (third?.type !== 'challenge') throw new Error();
    expect(second.relayKey).toEqual(first.relayKey);
    expect(second.nonce).not.toEqual(first.nonce);
    expect(third.relayKey).not.toEqual(first.relayKey);
  });

  it('closes a socket that proves nothing in time', () => {
    const { session, link } = connect();
    clock.advance(5_000);
    expect(link.closedWith).toBe('no-proof');
    session.receive(new RelayPeer().auth(link.sent[0]!, AUTHORITY));
    expect(context.registry.size).toBe(0);
  });

  it('forwards nothing before the proof', () => {
    const { link: destination, peer } = register();
    const { session, link } = connect();
    session.receive(new RelayPeer().packetTo(peer, Uint8Array.of(1)));
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.BadMessage });
    expect(destination.last?.type).toBe('registered');
  });

  it('forwards packets under the sender’s key', () => {
    const a = register();
    const b = register();
    a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1, 2, 3)));
    expect(b.link.last).toEqual({
      type: 'packet',
      peerKey: a.peer.key,
      packet: Uint8Array.of(1, 2, 3),
    });
    expect(context.counters).toMatchObject({ packetsForwarded: 1, bytesForwarded: 3 });
  });

  it('tells a sender that its destination is not there, at most every 200 ms', () => {
    const a = register();
    const nobody = new RelayPeer();
    for (let i = 0; i < 5; i++) a.session.receive(a.peer.packetTo(nobody, Uint8Array.of(1)));
    const notices = (): number => a.link.sent.filter(({ type }) => type === 'peer-gone').length;
    expect(a.link.last).toEqual({ type: 'peer-gone', peerKey: nobody.key });
    expect(notices()).toBe(1);
    clock.advance(200);
    a.session.receive(a.peer.packetTo(nobody, Uint8Array.of(1)));
    expect(notices()).toBe(2);
    expect(context.counters.dropped['unknown-destination']).toBe(6);
  });

  it('drops packets for a peer whose queue is full', () => {
    const a = register();
    const b = register();
    b.link.buffered = DEFAULT_RELAY_LIMITS.maxQueueBytes + 1;
    a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1)));
    expect(b.link.last?.type).toBe('registered');
    expect(context.counters.dropped['back-pressure']).toBe(1);
    b.link.buffered = 0;
    a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1)));
    expect(b.link.last?.type).toBe('packet');
  });

  it('drops packets above the message rate, and only those', () => {
    start({ maxMessagesPerS: 100 });
    const a = register();
    const b = register();
    for (let i = 0; i < 40; i++) a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1)));
    expect(context.counters.packetsForwarded).toBe(25);
    expect(context.counters.dropped.rate).toBe(15);
    clock.advance(100);
    for (let i = 0; i < 40; i++) a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1)));
    expect(context.counters.packetsForwarded).toBe(35);
    expect(a.link.closedWith).toBeNull();
  });

  it('drops packets above the byte rate', () => {
    start({ maxBytesPerS: 40_000 });
    const a = register();
    const b = register();
    const packet = new Uint8Array(1000 - 33);
    for (let i = 0; i < 20; i++) a.session.receive(a.peer.packetTo(b.peer, packet));
    expect(context.counters.packetsForwarded).toBe(10);
  });

  it('hands a key over to its newer socket', () => {
    const peer = new RelayPeer();
    const first = register(peer);
    const second = register(peer);
    expect(first.link.last).toEqual({ type: 'refused', refusal: RelayRefusal.Superseded });
    expect(first.link.closedWith).toBe('superseded');
    first.session.closed();
    const viewer = register();
    viewer.session.receive(viewer.peer.packetTo(peer, Uint8Array.of(7)));
    expect(second.link.last?.type).toBe('packet');
    expect(context.counters.peers).toBe(2);
  });

  it('tells those who spoke with a peer that it is gone', () => {
    const camera = register();
    const viewer = register();
    const stranger = register();
    viewer.session.receive(viewer.peer.packetTo(camera.peer, Uint8Array.of(1)));
    camera.session.closed();
    expect(viewer.link.last).toEqual({ type: 'peer-gone', peerKey: camera.peer.key });
    expect(stranger.link.last?.type).toBe('registered');
    expect(context.counters.peers).toBe(2);
  });

  it('sends keep-alives, and closes after three without an answer', () => {
    const { session, link } = register();
    clock.advance(15_000);
    expect(link.last).toEqual({ type: 'keep-alive' });
    session.receive(KEEP_ALIVE);
    clock.advance(45_000);
    expect(link.closedWith).toBeNull();
    clock.advance(15_000);
    expect(link.closedWith).toBe('silent');
    expect(context.registry.size).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not answer a keep-alive, which would never end', () => {
    const { session, link } = register();
    session.receive(KEEP_ALIVE);
    expect(link.last?.type).toBe('registered');
  });

  it.each([
    ['noise', Uint8Array.of(0x77, 1, 2)],
    ['nothing', new Uint8Array(0)],
    ['a message that only relays send', encodeRelayMessage({ type: 'registered', keepAliveS: 1 })],
  ])('refuses %s', (_name, message) => {
    const { session, link } = register();
    session.receive(message);
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.BadMessage });
    expect(link.closedWith).toBe('bad-message');
    expect(context.registry.size).toBe(0);
  });

  it('refuses peers beyond the limit', () => {
    start({ maxPeers: 1 });
    register();
    const { link } = register();
    expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.TooManyPeers });
  });

  it('says that it shuts down, and nothing else', () => {
    const a = register();
    const b = register();
    a.session.receive(a.peer.packetTo(b.peer, Uint8Array.of(1)));
    a.session.shutDown();
    b.session.shutDown();
    for (const { link } of [a, b]) {
      expect(link.last).toEqual({ type: 'refused', refusal: RelayRefusal.ShuttingDown });
      expect(link.sent.some(({ type }) => type === 'peer-gone')).toBe(false);
    }
    expect(clock.pendingTimers).toBe(0);
  });
});
