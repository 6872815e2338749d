import { once } from 'node:events';
import WebSocket from 'ws';
import { relayAuthority } from '../../../services/p2p/transport';
import type { RelayMessage } from '../../../services/p2p/transport';
import { RelayPeer, decode } from './relay-peer';

/** A peer on a real socket. It answers nothing by itself. */
export class RelayClient {
  readonly closed: Promise<number>;
  private readonly messages: RelayMessage[] = [];
  private wake: (() => void) | null = null;

  constructor(
    readonly url: string,
    readonly peer = new RelayPeer(),
    readonly socket = new WebSocket(url, { perMessageDeflate: false }),
  ) {
    socket.on('message', (data: Buffer) => {
      this.messages.push(decode(Uint8Array.from(data)));
      this.wake?.();
    });
    socket.on('error', () => undefined);
    this.closed = once(socket, 'close').then(([code]) => code as number);
  }

  /** Connects, and proves the key for the authority of the URL, or for another one. */
  static async register(url: string, peer?: RelayPeer, authority?: string): Promise<RelayClient> {
    const client = new RelayClient(url, peer);
    const challenge = await client.next('challenge');
    client.socket.send(client.peer.auth(challenge, authority ?? relayAuthority(url)!));
    return client;
  }

  /** The next message of a type; what comes before it is skipped. */
  async next<Type extends RelayMessage['type']>(
    type: Type,
  ): Promise<Extract<RelayMessage, { type: Type }>> {
    for (;;) {
      const message = this.messages.shift();
      if (message?.type === type) return message as Extract<RelayMessage, { type: Type }>;
      if (!message) await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  sendTo(destination: RelayPeer, packet: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.send(this.peer.packetTo(destination, packet), (error) =>
        error ? reject(error) : resolve(),
      );
    });
  }
}
