import type { Clock, IpFamily, OpenUdpSocket, Random, SocketAddress, UdpSocket } from '../../host';
import type { NatProbeResult, NatProbeTimings } from './nat-probe';
import { NatProber } from './nat-prober';
import type { NatProberEvents } from './nat-prober';

export interface ProbeNatOptions {
  readonly openUdpSocket: OpenUdpSocket;
  readonly clock: Clock;
  readonly random: Random;
  readonly family: IpFamily;
  /** STUN servers of that family; see `NatProbeOptions`. */
  readonly targets: readonly SocketAddress[];
  readonly events?: Pick<NatProberEvents, 'onObservation' | 'onNatError'>;
  readonly timings?: NatProbeTimings;
}

const BIND_TIMEOUT_MS = 2_000;

/**
 * Probes once through a socket of its own: tells what kind of NAT there is, before there is a socket
 * whose mapping matters.
 * @returns never rejects; without a usable socket the mapping is `unknown`, and `onNatError` says why.
 */
export function probeNat(options: ProbeNatOptions): Promise<NatProbeResult> {
  const { openUdpSocket, clock, random, family, targets, events = {}, timings } = options;
  return new Promise((resolve) => {
    let socket: UdpSocket | null = null;
    let isOver = false;
    const prober = new NatProber({
      clock,
      random,
      targets: () => targets,
      localPort: () => socket?.localPort ?? 0,
      send: (packet, to) => socket?.send(packet, to),
      events,
      timings,
    });
    const finish = (result: NatProbeResult): void => {
      if (isOver) return;
      isOver = true;
      cancel();
      prober.close();
      socket?.close();
      resolve(result);
    };
    const fail = (detail: string): void => {
      if (isOver) return;
      prober.socketFailed(detail);
      prober.close();
      void prober.probe().then(finish);
    };
    const cancel = clock.setTimer(BIND_TIMEOUT_MS, () => fail('the socket was not bound in time'));
    socket = openUdpSocket(family, {
      onBound: () => {
        cancel();
        void prober.probe().then(finish);
      },
      onMessage: (packet, from) => void prober.receive(packet, from),
      onError: fail,
    });
  });
}
