import { IotError, XP2PErrorCode } from '../../errors';
import type { CancelTimer, Host, NetworkEvent, SocketAddress } from '../../host';
import { keyPairOf, NOISE_KEY_BYTES } from '../session';
import type { EventLog, KeyPair } from '../session';
import { Connection } from './connection';
import { DirectNetwork } from './direct-network';
import { parseStunUrl } from '../nat';
import { RelayPool } from './relay-pool';
import type { NatEvents } from './stun-candidates';
import type { ConnectionEvents, PeerAddress } from './types';

/** An app that was in the background for longer finds its sockets dead (WeChat cuts them after 5 s). */
const SOCKETS_DIE_AFTER_MS = 5000;
/** Sockets nobody uses are kept for this long, ms: the next page finds them, and their NAT mappings. */
const LINGER_MS = 5000;

export interface EndpointOptions {
  /**
   * Static X25519 private key, 32 bytes. A camera keeps one for life; a viewer leaves it out and gets
   * a fresh one, so that two pages of one user do not take each other's place at the relay.
   */
  readonly privateKey?: Uint8Array;
  /** STUN servers (`stun:host:port`) to ask besides the relays in use. */
  readonly stunServers?: readonly string[];
  /** Told of the NAT in front of this machine. */
  readonly natEvents?: NatEvents;
  /** A handler threw; the session it belonged to was closed. By default the error is thrown again. */
  readonly onInternalError?: (error: unknown) => void;
}

/**
 * The engine's door: opens connections as a viewer. It holds UDP sockets and listens to the network while
 * it has any, and for 5 s more. A camera's is `CameraEndpoint`.
 */
export class Endpoint {
  /** Static X25519 public key, 32 bytes: this endpoint's name. */
  readonly publicKey: Uint8Array;
  protected readonly host: Host;
  protected readonly staticKey: KeyPair;
  protected readonly relays: RelayPool;
  private readonly stunServers: readonly SocketAddress[];
  private readonly natEvents: NatEvents;
  private network: DirectNetwork | null = null;
  private stopWatching: (() => void) | null = null;
  /** Connections and listeners that have not ended. */
  private users = 0;
  private cancelLinger: CancelTimer = () => undefined;
  protected readonly onInternalError: (error: unknown) => void;

  /**
   * @throws IotError -2404 when the host offers nothing to reach a peer by.
   * @throws RangeError when a STUN server is no `stun:` URL.
   */
  constructor(host: Host, options: EndpointOptions = {}) {
    if (host.openWebSocket === undefined) {
      throw new IotError({
        code: XP2PErrorCode.HostUnsupported,
        phase: 'init',
        reason: 'host-unsupported',
        message: 'this host offers no WebSocket',
        retryable: false,
      });
    }
    this.host = host;
    this.stunServers = (options.stunServers ?? []).map(requireStunUrl);
    this.natEvents = options.natEvents ?? {};
    const privateKey = options.privateKey ?? host.random.bytes(NOISE_KEY_BYTES);
    this.staticKey = keyPairOf(privateKey, host.crypto);
    this.publicKey = this.staticKey.publicKey;
    this.relays = new RelayPool(host, this.staticKey);
    this.onInternalError =
      options.onInternalError ??
      ((error) =>
        host.clock.setTimer(0, () => {
          throw error;
        }));
  }

  /**
   * Connects to a camera; the outcome arrives by `events`, at the latest after 10 s.
   * @param log takes down why paths are chosen and packets sent again.
   * @throws RangeError when the address's relay URL is malformed.
   */
  connect(address: PeerAddress, events: ConnectionEvents, log?: EventLog): Connection {
    return this.use((onEnd) => {
      return new Connection({
        host: this.host,
        staticKey: this.staticKey,
        address,
        relays: this.relays,
        network: this.openNetwork(address.relayUrl),
        events,
        ...(log !== undefined && { log }),
        onInternalError: this.onInternalError,
        onEnd,
      });
    });
  }

  /**
   * Opens the UDP sockets and asks `stunServers`, before there is a connection to make; without one they
   * are closed again.
   */
  open(): void {
    this.openNetwork(null);
    this.linger();
  }

  /** Dials the relays and makes the UDP sockets anew, and asks the STUN servers; sessions go on. */
  renew(): void {
    this.relays.onNetworkChanged();
    if (this.network?.isOpen === true) this.network.onNetworkChanged(true);
    else this.open();
  }

  /** Closes the UDP sockets; connections and listeners are closed by their own `close`. */
  close(): void {
    this.cancelLinger();
    this.stopWatching?.();
    this.stopWatching = null;
    this.network?.close();
    this.network = null;
  }

  /** Sockets are opened with the first use, so that an endpoint that is never used costs none. */
  protected openNetwork(relayUrl: string | null): DirectNetwork | null {
    const { host } = this;
    if (host.openUdpSocket !== undefined) {
      this.network ??= new DirectNetwork(host, this.stunServers, this.natEvents);
      this.network.open();
      if (relayUrl !== null) this.network.addRelay(relayUrl);
    }
    this.stopWatching ??= host.network?.subscribe((event) => this.onNetworkEvent(event)) ?? null;
    return this.network;
  }

  /** Makes something that needs the network until it calls `onEnd`. */
  protected use<User>(make: (onEnd: () => void) => User): User {
    let isUsing = true;
    const end = (): void => {
      if (!isUsing) return;
      isUsing = false;
      this.users--;
      this.linger();
    };
    this.users++;
    this.cancelLinger();
    try {
      return make(end);
    } catch (error) {
      end();
      throw error;
    }
  }

  private linger(): void {
    this.cancelLinger();
    if (this.users > 0) return;
    this.cancelLinger = this.host.clock.setTimer(LINGER_MS, () => {
      // Somebody may wait for what the probe finds.
      if (this.network?.isProbing === true) return this.linger();
      this.stopWatching?.();
      this.stopWatching = null;
      this.network?.pause();
    });
  }

  private onNetworkEvent(event: NetworkEvent): void {
    const wasAway = event.kind === 'shown' && event.hiddenMs >= SOCKETS_DIE_AFTER_MS;
    if (event.kind !== 'changed' && !wasAway) return;
    this.relays.onNetworkChanged();
    this.network?.onNetworkChanged(wasAway);
  }
}

function requireStunUrl(url: string): SocketAddress {
  const server = parseStunUrl(url);
  if (server === null) throw new RangeError(`"${url}" is no stun: URL`);
  return server;
}
