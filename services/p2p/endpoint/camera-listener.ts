import { bytesToHex } from '@noble/hashes/utils.js';
import type { CancelTimer, Host } from '../../host';
import { serveStream } from '../http';
import {
  Acceptor,
  equalBytes,
  isOneRtt,
  PacketType,
  readPacketHead,
  Session,
  TransportErrorCode,
} from '../session';
import type { AcceptedInitial, KeyPair, Route } from '../session';
import { RELAY_ROUTE } from './direct-network';
import type { DirectNetwork } from './direct-network';
import { RateLimiter } from './rate-limiter';
import type { RelayLease, RelayPool, RelayUser } from './relay-pool';
import { SessionPaths } from './session-paths';
import { SessionRunner } from './session-runner';
import type { Listener, ListenOptions } from './types';

const DEFAULT_MAX_SESSIONS = 64;
/** A viewer that the relay does not know any more has this long to come back. */
const GONE_GRACE_MS = 10_000;
/** Messages 1 per second that are looked at: each costs two Diffie-Hellman operations. */
const INITIALS_PER_SECOND = 50;
/** Stateless resets per second, RFC 9000 §10.3. */
const RESETS_PER_SECOND = 50;

interface Viewer {
  readonly runner: SessionRunner;
  /** The relay's name of the viewer. */
  readonly relayKey: Uint8Array;
  /** The viewer's static public key. */
  readonly peerKey: Uint8Array;
  readonly paths: SessionPaths;
  cancelGone: CancelTimer;
}

export interface CameraListenerOptions extends ListenOptions {
  readonly host: Host;
  readonly staticKey: KeyPair;
  readonly relays: RelayPool;
  /** Null where the host has no UDP. */
  readonly network: DirectNetwork | null;
  readonly onInternalError: (error: unknown) => void;
  /** It was closed. */
  readonly onEnd: () => void;
}

/** The camera's side: accepts viewers and hands their requests over. */
export class CameraListener implements Listener, RelayUser {
  private readonly options: CameraListenerOptions;
  private readonly acceptor: Acceptor;
  private readonly lease: RelayLease;
  private readonly viewers = new Map<string, Viewer>();
  private readonly initials: RateLimiter;
  private readonly resets: RateLimiter;

  /** @throws RangeError when the relay's URL is malformed. */
  constructor(options: CameraListenerOptions) {
    const { host } = options;
    this.options = options;
    this.initials = new RateLimiter(INITIALS_PER_SECOND, host.clock);
    this.resets = new RateLimiter(RESETS_PER_SECOND, host.clock);
    this.acceptor = new Acceptor({
      random: host.random,
      staticKey: options.staticKey,
      accessSecret: options.accessSecret,
      startedAtMs: host.clock.wallMs(),
      crypto: host.crypto,
    });
    options.onRelay?.('connecting', options.relayUrl);
    this.lease = options.relays.join(options.relayUrl, this);
    if (this.lease.client.ready) this.onReady();
  }

  close(): void {
    for (const viewer of [...this.viewers.values()]) {
      viewer.runner.run((session) => session.close(TransportErrorCode.NoError, 'camera stopped'));
    }
    this.lease.release();
    this.options.onEnd();
  }

  onRegistered(): void {
    this.options.onRelay?.('registered', this.options.relayUrl);
  }

  onReady(): void {
    for (const viewer of this.viewers.values()) {
      viewer.runner.run((session, nowMs) => {
        session.setRouteUsable(RELAY_ROUTE, true, nowMs);
        // Tells the viewer that what it has sent to our socket before is lost.
        session.probe(RELAY_ROUTE, true, nowMs);
      });
    }
  }

  onLost(detail: string): void {
    this.options.onRelay?.('lost', detail);
    for (const viewer of this.viewers.values()) {
      viewer.runner.run((session, nowMs) => session.setRouteUsable(RELAY_ROUTE, false, nowMs));
    }
  }

  onPeerGone(relayKey: Uint8Array): void {
    const { clock } = this.options.host;
    for (const viewer of this.viewers.values()) {
      if (!equalBytes(viewer.relayKey, relayKey)) continue;
      viewer.runner.run((session, nowMs) => session.setRouteUsable(RELAY_ROUTE, false, nowMs));
      viewer.cancelGone();
      viewer.cancelGone = clock.setTimer(GONE_GRACE_MS, () =>
        viewer.runner.run((session) => session.close(TransportErrorCode.NoError, 'viewer is gone')),
      );
    }
  }

  onPacket(relayKey: Uint8Array, packet: Uint8Array): void {
    const head = readPacketHead(packet);
    if (head === null) return;
    if (head.type === PacketType.Initial) {
      if (this.initials.take()) this.onInitial(relayKey, packet);
      return;
    }
    if (!isOneRtt(head.type)) return;
    const viewer = this.viewers.get(bytesToHex(head.connectionId));
    if (viewer === undefined) {
      // Shorter than what caused it, so that two confused sides cannot keep each other busy.
      const reset = this.acceptor.statelessReset(head.connectionId);
      if (packet.length > reset.length && this.resets.take()) this.send(relayKey, reset);
      return;
    }
    if (!equalBytes(viewer.relayKey, relayKey)) return;
    viewer.runner.run((session, nowMs) => session.receive(packet, RELAY_ROUTE, nowMs));
  }

  private onInitial(relayKey: Uint8Array, packet: Uint8Array): void {
    const { host, maxSessions = DEFAULT_MAX_SESSIONS } = this.options;
    const mayAccept = this.viewers.size < maxSessions;
    const result = this.acceptor.accept(packet, host.clock.wallMs(), mayAccept);
    switch (result.kind) {
      case 'dropped':
        return;
      case 'refused':
        this.send(relayKey, result.packet);
        return;
      case 'repeated':
        if (this.viewers.has(bytesToHex(result.localConnectionId))) {
          this.send(relayKey, result.response);
        }
        return;
      case 'accepted':
        this.send(relayKey, result.response);
        this.open(relayKey, result);
    }
  }

  private open(relayKey: Uint8Array, accepted: AcceptedInitial): void {
    const { host, onRequest, network, allowClear, createLog } = this.options;
    const id = bytesToHex(accepted.localConnectionId);
    const { peerKey } = accepted;
    const paths = new SessionPaths({
      clock: host.clock,
      network,
      runner: () => runner,
      isInitiator: false,
      onActivePath: () => undefined,
    });
    const session = Session.accept(
      {
        random: host.random,
        ...(createLog !== undefined && { log: createLog() }),
        crypto: host.crypto,
        route: RELAY_ROUTE,
        observer: {
          onConnected: () => undefined,
          onStream: (stream) => serveStream(stream, peerKey, onRequest, allowClear),
          onClosed: () => this.forget(id),
          onWake: () => runner.wake(),
          ...paths.observer,
          onReceived: (route, nowMs) => this.onHeard(id, route, nowMs),
        },
      },
      accepted,
      host.clock.nowMs(),
    );
    // Copied: the bytes belong to the socket's message.
    const viewerKey = relayKey.slice();
    const runner: SessionRunner = new SessionRunner({
      session,
      clock: host.clock,
      canSend: () => !this.lease.client.ready || this.lease.client.writable,
      send: ({ route, bytes }) => {
        if (route === RELAY_ROUTE) this.send(viewerKey, bytes);
        else network?.routes.send(route, bytes);
      },
      onInternalError: this.options.onInternalError,
    });
    const viewer = { runner, relayKey: viewerKey, peerKey, paths, cancelGone: () => undefined };
    this.viewers.set(id, viewer);
    this.options.onSessions?.(this.viewers.size);
    runner.run((started, nowMs) => started.start(accepted, nowMs));
    paths.start();
  }

  private onHeard(id: string, route: Route, nowMs: number): void {
    const viewer = this.viewers.get(id);
    if (viewer === undefined) return;
    viewer.cancelGone();
    if (route === RELAY_ROUTE) viewer.runner.session.setRouteUsable(RELAY_ROUTE, true, nowMs);
  }

  private forget(id: string): void {
    const viewer = this.viewers.get(id);
    if (viewer === undefined) return;
    this.viewers.delete(id);
    viewer.cancelGone();
    viewer.paths.stop();
    // The CONNECTION_CLOSE leaves at the end of this turn.
    this.options.host.clock.setTimer(0, () => viewer.runner.stop());
    this.options.onSessions?.(this.viewers.size);
    const { peerKey } = viewer;
    const stays = [...this.viewers.values()].some((other) => equalBytes(other.peerKey, peerKey));
    if (!stays) this.options.onViewerGone?.(peerKey);
  }

  private send(relayKey: Uint8Array, packet: Uint8Array): void {
    this.lease.client.send(relayKey, packet);
  }
}
