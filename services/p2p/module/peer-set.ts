import type { Host } from '../../host';
import { DeviceVersion } from '../../p2p-names';
import type { XP2PDeviceVersion } from '../../p2p-names';
import { alreadyInitialised, notInitialised } from './module-errors';
import type { ModuleLog } from './module-log';
import type { InitRequest } from './parameters';
import { PeerModule } from './peer-module';

/** The peers that `init` has made: one for all device versions, or one for each. */
export class PeerSet {
  private readonly host: Host;
  private readonly log: ModuleLog;
  private readonly peers = new Map<XP2PDeviceVersion, PeerModule>();
  /** Those that still probe. */
  private readonly opening = new Set<PeerModule>();

  constructor(host: Host, log: ModuleLog) {
    this.host = host;
    this.log = log;
  }

  /** Nothing was initialised, nor begun to be. */
  get isEmpty(): boolean {
    return this.peers.size === 0;
  }

  /**
   * Makes a peer and probes the NAT. A peer whose probe fails is forgotten.
   * @throws IotError -2003, -2202, -2404.
   */
  async open({ version, ...request }: InitRequest): Promise<PeerModule> {
    const versions = version === null ? Object.values(DeviceVersion) : [version];
    if (versions.some((each) => this.peers.has(each))) throw alreadyInitialised();
    const { host, log } = this;
    const deviceP2PVersion = version ?? DeviceVersion.Device_2_4;
    const peer = new PeerModule({ host, log, deviceP2PVersion, ...request });
    for (const each of versions) this.peers.set(each, peer);
    this.opening.add(peer);
    try {
      await peer.open();
    } catch (error) {
      for (const each of versions) if (this.peers.get(each) === peer) this.peers.delete(each);
      peer.close();
      throw error;
    } finally {
      this.opening.delete(peer);
    }
    return peer;
  }

  /** The peer that talks to devices of this version, once it may be used. */
  get(version: XP2PDeviceVersion): PeerModule | undefined {
    const peer = this.peers.get(version);
    return peer === undefined || this.opening.has(peer) ? undefined : peer;
  }

  /** @throws IotError -2002, -2202. */
  async reset(): Promise<void> {
    const ready = new Set([...this.peers.values()].filter((peer) => !this.opening.has(peer)));
    if (ready.size === 0) throw notInitialised('init');
    await Promise.all([...ready].map((peer) => peer.reset()));
  }

  /** Name of the version's peer, or of the only one; `''` without any. */
  localXp2pInfo(version: XP2PDeviceVersion): string {
    const peer = this.get(version) ?? [...this.peers.values()][0];
    return peer?.localXp2pInfo ?? '';
  }

  close(): void {
    for (const peer of new Set(this.peers.values())) peer.close();
    this.peers.clear();
  }
}
