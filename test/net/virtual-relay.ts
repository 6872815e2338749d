import { ChallengeKeys } from '../../agents/relay/challenge-keys';
import { PeerRegistry } from '../../agents/relay/peer-registry';
import { RelayCounters } from '../../agents/relay/relay-counters';
import { DEFAULT_RELAY_LIMITS } from '../../agents/relay/relay-limits';
import { RelaySession } from '../../agents/relay/relay-session';
import type { RelayContext } from '../../agents/relay/relay-session';
import type { Host, OpenWebSocket, WebSocketEvents } from '../../services/host';
import { relayAuthority } from '../../services/p2p/transport';
import { SeededRandom } from './seeded-random';
import type { VirtualClock } from './virtual-clock';

interface Socket {
  readonly session: RelaySession;
  open: boolean;
  drop(reason: string): void;
}

/** The real relay's sessions behind simulated sockets, in virtual time. */
export class VirtualRelay {
  readonly url: string;
  /** One-way delay between a peer and the relay, ms. */
  delayMs: number;
  readonly counters = new RelayCounters();
  private readonly clock: VirtualClock;
  private readonly random: SeededRandom;
  private readonly sockets = new Set<Socket>();
  private context: RelayContext | null = null;

  constructor(
    clock: VirtualClock,
    options: { readonly seed?: number; readonly delayMs?: number; readonly url?: string } = {},
  ) {
    this.clock = clock;
    this.random = new SeededRandom(options.seed ?? 77);
    this.delayMs = options.delayMs ?? 10;
    this.url = options.url ?? 'ws://relay.example/relay';
    this.start();
  }

  /** A host whose WebSockets end here; every other URL refuses the connection. */
  createHost(seed: number): Host & { readonly stored: Map<string, string> } {
    const stored = new Map<string, string>();
    return {
      clock: this.clock,
      random: new SeededRandom(seed),
      storage: {
        get: (key) => stored.get(key) ?? null,
        set: (key, value) => void stored.set(key, value),
      },
      openWebSocket: this.openWebSocket,
      stored,
    };
  }

  /** The relay process dies: sockets break, and nobody listens. */
  kill(): void {
    this.context = null;
    for (const socket of [...this.sockets]) socket.drop('connection reset');
  }

  start(): void {
    const { clock, random } = this;
    this.context = {
      clock,
      random,
      limits: DEFAULT_RELAY_LIMITS,
      counters: this.counters,
      registry: new PeerRegistry(DEFAULT_RELAY_LIMITS.maxPeers),
      challengeKeys: new ChallengeKeys(clock, random),
      log: () => undefined,
    };
  }

  get openSockets(): number {
    return this.sockets.size;
  }

  private readonly openWebSocket: OpenWebSocket = (url, events) => {
    const state: { socket: Socket | null; closed: boolean } = { socket: null, closed: false };
    this.later(() => {
      if (state.closed) return;
      state.socket = this.context !== null && url === this.url ? this.accept(url, events) : null;
      if (state.socket === null) events.onClose('connection refused');
    });
    return {
      send: (message) => {
        const copy = message.slice();
        this.later(() => {
          if (state.socket?.open === true) state.socket.session.receive(copy);
        });
      },
      bufferedBytes: () => 0,
      close: () => {
        if (state.closed) return;
        state.closed = true;
        const { socket } = state;
        if (socket === null) return;
        this.sockets.delete(socket);
        // What was sent before still arrives.
        this.later(() => {
          if (!socket.open) return;
          socket.open = false;
          socket.session.closed();
        });
      },
    };
  };

  private accept(url: string, events: WebSocketEvents): Socket {
    const deliver = (call: () => void) =>
      this.later(() => {
        if (this.sockets.has(socket)) call();
      });
    const session = new RelaySession(
      this.context!,
      {
        send: (message) => {
          const copy = message.slice();
          deliver(() => events.onMessage(copy));
        },
        bufferedBytes: () => 0,
        close: (reason) => deliver(() => socket.drop(reason)),
      },
      relayAuthority(url)!,
    );
    const socket: Socket = {
      session,
      open: true,
      drop: (reason) => {
        if (!this.sockets.delete(socket)) return;
        socket.open = false;
        session.closed();
        this.later(() => events.onClose(reason));
      },
    };
    this.sockets.add(socket);
    events.onOpen();
    return socket;
  }

  private later(call: () => void): void {
    this.clock.setTimer(this.delayMs, call);
  }
}
