import { IotError, XP2PErrorCode } from '../../errors';
import type { CancelTimer, Host } from '../../host';
import { sendRequest } from '../http';
import type { RequestEvents, RequestHandle, RequestOptions } from '../http';
import {
  CONNECTION_ID_BYTES,
  equalBytes,
  PacketType,
  PathTier,
  readPacketHead,
  Session,
  TransportErrorCode,
} from '../session';
import type { EventLog, KeyPair, SessionClose, SessionStats } from '../session';
import { closeError } from './close-error';
import { RELAY_ROUTE } from './direct-network';
import type { DirectNetwork } from './direct-network';
import type { RelayLease, RelayPool, RelayUser } from './relay-pool';
import { SessionPaths } from './session-paths';
import { SessionRunner } from './session-runner';
import type { ConnectionEvents, PathInfo, PeerAddress } from './types';

/** How often a camera that the relay does not know is asked for, while the session waits for it. */
const OFFLINE_PROBE_MS = 1000;
/** A peer that owes an answer for this long counts as silent. */
const SILENT_AFTER_MS = 3000;

const KIND_OF_TIER = {
  [PathTier.Lan]: 'lan',
  [PathTier.Direct]: 'direct',
  [PathTier.Relay]: 'relay',
} as const;

export interface ConnectionOptions {
  readonly host: Host;
  readonly staticKey: KeyPair;
  readonly address: PeerAddress;
  readonly relays: RelayPool;
  /** Null where the host has no UDP. */
  readonly network: DirectNetwork | null;
  readonly events: ConnectionEvents;
  readonly onInternalError: (error: unknown) => void;
  /** It sends nothing any more. */
  readonly onEnd: () => void;
  readonly log?: EventLog;
}

/** A viewer's connection to one camera: its session, and the path under it. */
export class Connection implements RelayUser {
  private readonly options: ConnectionOptions;
  private readonly runner: SessionRunner;
  private readonly lease: RelayLease;
  private readonly paths: SessionPaths;
  private connected = false;
  private over = false;
  private heardAtMs: number;
  private cancelProbe: CancelTimer = () => undefined;
  private info: Pick<PathInfo, 'state' | 'reason' | 'sinceMs'>;

  /** @throws RangeError when the relay's URL is malformed. */
  constructor(options: ConnectionOptions) {
    const { host, address } = options;
    const nowMs = host.clock.nowMs();
    this.options = options;
    this.heardAtMs = nowMs;
    this.info = { state: 'connecting', reason: null, sinceMs: nowMs };
    this.paths = new SessionPaths({
      clock: host.clock,
      network: options.network,
      runner: () => this.runner,
      isInitiator: true,
      onActivePath: () => this.onActivePath(),
    });
    this.lease = options.relays.join(address.relayUrl, this);
    const session = Session.connect({
      random: host.random,
      ...(options.log !== undefined && { log: options.log }),
      route: RELAY_ROUTE,
      staticKey: options.staticKey,
      cameraKey: address.publicKey,
      accessSecret: address.accessSecret,
      localConnectionId: host.random.bytes(CONNECTION_ID_BYTES),
      nowMs,
      wallMs: () => host.clock.wallMs(),
      crypto: host.crypto,
      observer: {
        onConnected: () => this.onConnected(),
        // A camera opens no streams to its viewers yet.
        onStream: (stream) => stream.reset(TransportErrorCode.StreamStateError),
        onClosed: (close) => this.onSessionClosed(close),
        onWake: () => this.runner.wake(),
        onReceived: (_route, receivedAtMs) => this.onHeard(receivedAtMs),
        ...this.paths.observer,
      },
    });
    session.setRouteUsable(RELAY_ROUTE, false, nowMs);
    this.runner = new SessionRunner({
      session,
      clock: host.clock,
      canSend: () => !this.lease.client.ready || this.lease.client.writable,
      send: ({ route, bytes }) => {
        // While the relay is away a packet is dropped as by a network: the session's timers go on.
        if (route === RELAY_ROUTE) this.lease.client.send(address.publicKey, bytes);
        else options.network?.routes.send(route, bytes);
      },
      onInternalError: options.onInternalError,
    });
    // Deferred, so that a request made in this turn rides in the first message.
    host.clock.setTimer(0, () => {
      if (this.over) return;
      if (this.lease.client.ready) this.onReady();
      else this.runner.run((waiting) => waiting.prepare());
    });
  }

  get path(): PathInfo {
    const { tier, rttMs, packetsSent, packetsLost } = this.runner.session.activePath;
    const loss = packetsSent === 0 ? null : packetsLost / packetsSent;
    return { kind: KIND_OF_TIER[tier], rttMs, loss, ...this.info };
  }

  get stats(): SessionStats {
    return this.runner.session.stats;
  }

  /** Sends a request; see `sendRequest`. May be called before the session stands. */
  request(options: RequestOptions, events: RequestEvents): RequestHandle | null {
    let handle: RequestHandle | null = null;
    this.runner.run((session) => {
      handle = sendRequest(session, options, events);
    });
    return handle;
  }

  /** Runs several calls on the connection's requests and sends what came of them together. */
  batch(work: () => void): void {
    this.runner.run(work);
  }

  /** Ends the connection; the camera is told. */
  close(): void {
    if (this.over) return;
    this.runner.run((session) => session.close(TransportErrorCode.NoError, ''));
  }

  onRegistered(): void {
    // What matters to a viewer is that packets leave.
  }

  onReady(): void {
    if (this.over) return;
    if (this.info.reason === 'relay-unreachable') this.setPath('connecting', null);
    this.runner.run((session, nowMs) => {
      session.setRouteUsable(RELAY_ROUTE, true, nowMs);
      // Tells the camera that what it has sent to our socket before is lost.
      session.probe(RELAY_ROUTE, true, nowMs);
    });
  }

  onLost(detail: string): void {
    if (this.over) return;
    if (!this.connected) {
      this.end(connectError('relay-unreachable', `the relay cannot be reached: ${detail}`));
      return;
    }
    this.runner.run((session, nowMs) => session.setRouteUsable(RELAY_ROUTE, false, nowMs));
    if (this.onRelay) this.setPath('down', 'relay-unreachable');
  }

  onPeerGone(peerKey: Uint8Array): void {
    if (this.over || !equalBytes(peerKey, this.options.address.publicKey)) return;
    if (!this.connected) {
      this.end(connectError('peer-offline', 'the camera is not registered at its relay'));
      return;
    }
    if (!this.onRelay) return;
    this.setPath('down', 'peer-offline');
    this.probeWhileOffline();
  }

  onPacket(peerKey: Uint8Array, packet: Uint8Array): void {
    if (this.over || !equalBytes(peerKey, this.options.address.publicKey)) return;
    const head = readPacketHead(packet);
    if (head === null) return;
    this.runner.run((session, nowMs) => {
      if (head.type === PacketType.StatelessReset) {
        if (session.isResetBy(packet)) session.onStatelessReset();
        return;
      }
      if (!equalBytes(head.connectionId, session.localConnectionId)) return;
      session.receive(packet, RELAY_ROUTE, nowMs);
    });
  }

  /** New data takes the relay at present. */
  private get onRelay(): boolean {
    return this.runner.session.activePath.tier === PathTier.Relay;
  }

  private onActivePath(): void {
    if (this.over || !this.connected) return;
    const { clock } = this.options.host;
    const away = this.onRelay && !this.lease.client.ready;
    this.info = {
      state: away ? 'down' : 'up',
      reason: away ? 'relay-unreachable' : null,
      sinceMs: clock.nowMs(),
    };
    this.options.events.onPath(this.path);
  }

  private onConnected(): void {
    this.connected = true;
    this.onHeard(this.options.host.clock.nowMs());
    this.options.events.onConnected();
    this.paths.start();
    this.watchSilence();
  }

  private onHeard(nowMs: number): void {
    this.heardAtMs = nowMs;
    if (this.info.state !== 'up' && this.connected) this.setPath('up', null);
  }

  private probeWhileOffline(): void {
    this.cancelProbe();
    this.cancelProbe = this.options.host.clock.setTimer(OFFLINE_PROBE_MS, () => {
      if (this.over) return;
      if (this.info.state === 'down') {
        this.runner.run((session) => session.ping());
        this.probeWhileOffline();
      } else this.watchSilence();
    });
  }

  private watchSilence(): void {
    const { clock } = this.options.host;
    this.cancelProbe();
    this.cancelProbe = clock.setTimer(SILENT_AFTER_MS, () => {
      if (this.over) return;
      const silentMs = clock.nowMs() - this.heardAtMs;
      if (this.info.state === 'up' && silentMs >= SILENT_AFTER_MS) {
        if (this.runner.session.awaitsAnswer) this.setPath('down', 'silent');
        else this.runner.run((session) => session.ping());
      }
      if (this.info.reason === 'peer-offline') this.probeWhileOffline();
      else this.watchSilence();
    });
  }

  private setPath(state: PathInfo['state'], reason: PathInfo['reason']): void {
    if (this.info.state === state && this.info.reason === reason) return;
    const sinceMs = this.options.host.clock.nowMs();
    this.info = { ...this.info, state, reason, sinceMs };
    this.options.events.onPath(this.path);
  }

  private onSessionClosed(close: SessionClose): void {
    if (!this.over) this.finish(closeError(close, this.info));
  }

  private end(error: IotError): void {
    // First, so that the session's own end is not reported as another one.
    this.over = true;
    this.runner.run((session) => session.close(TransportErrorCode.NoError, ''));
    this.over = false;
    this.finish(error);
  }

  private finish(error: IotError | null): void {
    this.over = true;
    this.cancelProbe();
    this.paths.stop();
    const { clock } = this.options.host;
    // The CONNECTION_CLOSE leaves at the end of this turn; the relay is left after it.
    clock.setTimer(0, () => {
      this.runner.stop();
      this.lease.release();
      this.options.onEnd();
    });
    this.options.events.onClosed(error);
  }
}

function connectError(reason: 'relay-unreachable' | 'peer-offline', message: string): IotError {
  return new IotError({
    code: XP2PErrorCode.ServiceMissing,
    phase: 'connect',
    reason,
    message,
    retryable: true,
  });
}
