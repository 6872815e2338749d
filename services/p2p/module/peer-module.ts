import { base64urlnopad } from '@scure/base';
import { IotError, XP2PErrorCode } from '../../errors';
import type { CancelTimer, Host } from '../../host';
import { Endpoint } from '../endpoint';
import type { NatProbeResult } from '../nat';
import type { EventLog } from '../session';
import { XP2PLocalEventEnum } from '../../p2p-names';
import type { XP2PDeviceVersion } from '../../p2p-names';
import type { XP2PEventHandler, XP2PNatError, XP2PVersionModule } from './init-types';
import { notInitialised } from './module-errors';
import type { ModuleLog } from './module-log';
import { Service } from './service';
import type { ServiceOptions } from './service';

/** The longest that `init` and `reset` wait for the NAT: a probe's 10 s, and its socket before it. */
const PROBE_TIMEOUT_MS = 10_200;

export interface PeerModuleOptions {
  readonly host: Host;
  readonly log: ModuleLog;
  readonly deviceP2PVersion: XP2PDeviceVersion;
  readonly eventHandler: XP2PEventHandler | undefined;
  readonly stunServers: readonly string[];
}

/** What one `init` makes: a peer with its endpoint, on which services run. */
export class PeerModule implements XP2PVersionModule {
  readonly deviceP2PVersion: XP2PDeviceVersion;
  readonly localXp2pInfo: string;
  private readonly options: PeerModuleOptions;
  private readonly endpoint: Endpoint;
  private readonly waiting = new Set<(error: XP2PNatError | null) => void>();
  private closed = false;

  /** @throws IotError -2404 where the host offers nothing to connect by. */
  constructor(options: PeerModuleOptions) {
    this.options = options;
    this.deviceP2PVersion = options.deviceP2PVersion;
    this.endpoint = new Endpoint(options.host, {
      stunServers: options.stunServers,
      natEvents: {
        onNatProbed: (result) => this.onNatProbed(result),
        onNatChanged: (change) => {
          this.netLog?.('info', 'the NAT has changed', { mapping: change.after.mapping });
          options.eventHandler?.(XP2PLocalEventEnum.NATChanged, { ...change });
        },
        onNatError: (error) => this.onNatError({ ...error }),
      },
    });
    this.localXp2pInfo = `XP2P${base64urlnopad.encode(this.endpoint.publicKey)}`;
  }

  /**
   * Probes the NAT, where there are servers to ask.
   * @throws IotError -2202.
   */
  async open(): Promise<void> {
    if (!this.canProbe) return;
    const probed = this.probed();
    this.endpoint.open();
    await probed;
  }

  async reset(): Promise<XP2PVersionModule> {
    if (this.closed) throw notInitialised('init');
    const probed = this.canProbe ? this.probed() : Promise.resolve();
    this.endpoint.renew();
    await probed;
    return this;
  }

  /** @throws IotError as `Service`. */
  startService(
    options: Pick<ServiceOptions, 'info' | 'streamInfo' | 'callbacks' | 'onStartFailed'>,
    eventLog: EventLog | undefined,
  ): Service {
    const { host, log } = this.options;
    return new Service({ ...options, endpoint: this.endpoint, clock: host.clock, log, eventLog });
  }

  /** Services are ended by their own `stop`. */
  close(): void {
    this.closed = true;
    this.endpoint.close();
    this.settle({ errcode: XP2PErrorCode.ProbeFailed, message: 'the module was destroyed' });
  }

  private get canProbe(): boolean {
    const { host, stunServers } = this.options;
    return stunServers.length > 0 && host.openUdpSocket !== undefined;
  }

  private get netLog() {
    return this.options.log.on('net');
  }

  private onNatProbed(result: NatProbeResult): void {
    this.netLog?.('info', 'the NAT was probed', { mapping: result.mapping, rttMs: result.rttMs });
    // That nobody answered is told as an error.
    if (result.observations.length > 0) this.settle(null);
  }

  private onNatError(error: XP2PNatError): void {
    this.netLog?.('warn', 'the NAT could not be probed', { ...error });
    this.options.eventHandler?.(XP2PLocalEventEnum.NATError, error);
    this.settle(error);
  }

  private settle(error: XP2PNatError | null): void {
    for (const waiter of [...this.waiting]) waiter(error);
  }

  private probed(): Promise<void> {
    return new Promise((resolve, reject) => {
      let cancelTimer: CancelTimer = () => undefined;
      const waiter = (error: XP2PNatError | null) => {
        this.waiting.delete(waiter);
        cancelTimer();
        if (error === null) resolve();
        else reject(probeFailed(error));
      };
      this.waiting.add(waiter);
      const message = 'no UDP socket could be opened';
      cancelTimer = this.options.host.clock.setTimer(PROBE_TIMEOUT_MS, () =>
        this.onNatError({ errcode: XP2PErrorCode.ProbeFailed, message }),
      );
    });
  }
}

function probeFailed(cause: XP2PNatError): IotError {
  return new IotError({
    code: XP2PErrorCode.ProbeFailed,
    phase: 'init',
    reason: 'nat-probe-failed',
    message: `the NAT could not be probed: ${cause.message}`,
    retryable: true,
    cause,
  });
}
