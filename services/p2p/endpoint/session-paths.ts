import type { Clock } from '../../host';
import type { PathSummary, PeerAddressBytes, Route, SessionObserver } from '../session';
import { PathTier } from '../session';
import type { DatagramTarget, DirectNetwork } from './direct-network';
import { PathFinder } from './path-finder';
import { fromAddressBytes, tierOf } from './routes';
import type { SessionRunner } from './session-runner';

export interface SessionPathsOptions {
  readonly clock: Clock;
  /** Null where the host has no UDP: the relay is all there is. */
  readonly network: DirectNetwork | null;
  readonly runner: () => SessionRunner;
  /** The viewer opens paths, the camera follows. */
  readonly isInitiator: boolean;
  readonly onActivePath: (path: PathSummary) => void;
}

type PathObserver = Pick<
  SessionObserver,
  | 'onConnectionIds'
  | 'onActivePath'
  | 'onPathLost'
  | 'onPathSilent'
  | 'onProbed'
  | 'onProbeAnswered'
  | 'onPeerAddresses'
  | 'onPunch'
  | 'tierOf'
>;

/** One session's direct paths: announces candidates, finds ways, and takes datagrams in. */
export class SessionPaths implements DatagramTarget {
  private readonly options: SessionPathsOptions;
  private readonly finder: PathFinder | null;

  constructor(options: SessionPathsOptions) {
    const { network } = options;
    this.options = options;
    this.finder = network === null ? null : this.createFinder(network);
  }

  /** The session's observer, as far as paths go. */
  readonly observer: Required<PathObserver> = {
    onConnectionIds: () => this.register(),
    onActivePath: (path) => this.options.onActivePath(path),
    onPathLost: () => this.finder?.onPathLost(),
    onPathSilent: () => this.onPathSilent(),
    onProbed: (route) => this.finder?.onProbed(route),
    onProbeAnswered: (route) => this.finder?.onAnswered(route),
    onPeerAddresses: (addresses) => this.onPeerAddresses(addresses),
    onPunch: () => this.finder?.onPunch(),
    tierOf: (route) => this.tierOf(route),
  };

  /** The session stands: announce where we are, and look for ways. */
  start(): void {
    if (this.options.network === null) return;
    this.register();
    this.onCandidates();
    this.options.network.refresh();
  }

  onDatagram(packet: Uint8Array, route: Route): void {
    this.options.runner().run((session, nowMs) => session.receive(packet, route, nowMs));
  }

  usesRoute(route: Route): boolean {
    return this.options.runner().session.usesRoute(route);
  }

  onCandidates(): void {
    const { network, isInitiator } = this.options;
    if (network === null) return;
    this.options.runner().run((session) => session.setAddresses(network.candidates()));
    if (isInitiator) this.finder?.start();
  }

  /** The network under us has changed: direct paths must prove themselves, and new ones are looked for. */
  onNetworkChanged(): void {
    this.options.runner().run((session, nowMs) => session.onNetworkChanged(nowMs));
    this.finder?.start();
  }

  stop(): void {
    this.finder?.stop();
    this.options.network?.unregister(this);
  }

  private createFinder(network: DirectNetwork): PathFinder {
    const { clock, runner, isInitiator } = this.options;
    return new PathFinder({
      clock,
      routeTo: (address) => network.routes.route(address),
      addressOf: (route) => network.routes.address(route),
      probe: (route, announced) =>
        runner().run((session, nowMs) => session.probe(route, announced, nowMs)),
      requestPunch: () => runner().run((session) => session.requestPunch()),
      refresh: () => network.refresh(),
      workingTier: () => {
        const { tier, works } = runner().session.activePath;
        return works ? tier : PathTier.Relay;
      },
      openPath: isInitiator
        ? (route, tier) =>
            runner().run((session, nowMs) => void session.openPath(route, tier, nowMs))
        : null,
    });
  }

  private register(): void {
    this.options.network?.register(this, this.options.runner().session.connectionIdKeys());
  }

  private onPathSilent(): void {
    this.options.network?.doubt();
    this.finder?.onPathLost();
  }

  private onPeerAddresses(addresses: readonly PeerAddressBytes[]): void {
    this.finder?.setPeerAddresses(addresses.map(fromAddressBytes));
  }

  private tierOf(route: Route): PathTier {
    const address = this.options.network?.routes.address(route);
    return address === undefined ? PathTier.Direct : tierOf(address.address);
  }
}
