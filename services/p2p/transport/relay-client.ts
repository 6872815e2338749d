import type { CancelTimer, Host, WebSocketLink } from '../../host';
import {
  decodeRelayMessage,
  encodeRelayMessage,
  relayAuthority,
  relayProof,
  RelayRefusal,
} from './relay-protocol';

export interface RelayClientEvents {
  /** The proof is on its way: packets can be sent from now on. */
  onReady(): void;
  /** The relay has accepted the proof: others reach us from now on. */
  onRegistered(): void;
  /** The relay cannot be reached or went away; the client keeps trying by itself. */
  onLost(detail: string): void;
  onPacket(peerKey: Uint8Array, packet: Uint8Array): void;
  /** The relay knows no such peer. */
  onPeerGone(peerKey: Uint8Array): void;
}

export interface RelayClientOptions {
  readonly host: Host;
  readonly url: string;
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
  readonly events: RelayClientEvents;
}

/** Time from dialling to being registered. */
const REGISTER_TIMEOUT_MS = 8000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 8000;
/** Keep-alive intervals without a word from the relay after which it counts as dead. */
const MISSED_KEEP_ALIVES = 2.5;
/** Packets are dropped while more than this waits in the socket: the session's rate control must see it. */
const MAX_BUFFERED_BYTES = 512 * 1024;

/** One peer's registration at one relay, kept up for as long as the client lives. */
export class RelayClient {
  private readonly options: RelayClientOptions;
  private readonly authority: string;
  private link: WebSocketLink | null = null;
  private isReady = false;
  private isClosed = false;
  private retryMs = FIRST_RETRY_MS;
  private keepAliveMs = 0;
  private heardAtMs = 0;
  private cancelTimer: CancelTimer = () => undefined;
  /** Reports the present socket as lost. */
  private abandon: ((detail: string) => void) | null = null;

  /** @throws RangeError when `url` is no `ws:` or `wss:` URL. */
  constructor(options: RelayClientOptions) {
    const authority = relayAuthority(options.url);
    if (authority === null) throw new RangeError('relay URL is not a ws: or wss: URL');
    this.options = options;
    this.authority = authority;
    this.dial();
  }

  /** Whether packets can be sent. */
  get ready(): boolean {
    return this.isReady;
  }

  /** Whether the socket takes more at present; packets sent regardless may be dropped. */
  get writable(): boolean {
    return this.isReady && (this.link?.bufferedBytes() ?? 0) < MAX_BUFFERED_BYTES;
  }

  /** Sends a packet to a peer; dropped when the relay cannot be reached, as a network would. */
  send(peerKey: Uint8Array, packet: Uint8Array): void {
    if (!this.writable) return;
    this.link!.send(encodeRelayMessage({ type: 'packet', peerKey, packet }));
  }

  /** Dials at once instead of waiting for the next retry; does nothing while a socket is there. */
  retryNow(): void {
    if (this.link !== null || this.isClosed) return;
    this.cancelTimer();
    this.dial();
  }

  /** The network under the socket has changed: dials anew instead of waiting for the socket to notice. */
  redial(): void {
    if (this.isClosed) return;
    if (this.link === null) {
      this.retryNow();
      return;
    }
    this.link.close();
    this.retryMs = FIRST_RETRY_MS;
    this.abandon?.('the network has changed');
    this.retryNow();
  }

  close(): void {
    this.isClosed = true;
    this.isReady = false;
    this.cancelTimer();
    this.link?.close();
    this.link = null;
  }

  private dial(): void {
    const { host, url } = this.options;
    let current = true;
    const lost = (detail: string) => {
      if (!current) return;
      current = false;
      this.onLost(detail);
    };
    const link = host.openWebSocket!(url, {
      onOpen: () => undefined,
      onMessage: (message) => {
        if (current && this.link === link) this.onMessage(message, lost);
      },
      onClose: lost,
    });
    // A host may report the failure before it returns.
    if (!current) return;
    this.link = link;
    this.abandon = lost;
    this.setTimer(REGISTER_TIMEOUT_MS, () => {
      link.close();
      lost('the relay did not answer in time');
    });
  }

  private onMessage(bytes: Uint8Array, lost: (detail: string) => void): void {
    const message = decodeRelayMessage(bytes);
    this.heardAtMs = this.options.host.clock.nowMs();
    switch (message?.type) {
      case 'challenge':
        this.authenticate(message.relayKey, message.nonce, lost);
        return;
      case 'registered':
        this.retryMs = FIRST_RETRY_MS;
        this.keepAliveMs = message.keepAliveS * 1000;
        this.watch(lost);
        this.options.events.onRegistered();
        return;
      case 'refused':
        this.drop(lost, `the relay refused: ${refusalText(message.refusal)}`);
        return;
      case 'keep-alive':
        this.link?.send(encodeRelayMessage({ type: 'keep-alive' }));
        return;
      case 'packet':
        this.options.events.onPacket(message.peerKey, message.packet);
        return;
      case 'peer-gone':
        this.options.events.onPeerGone(message.peerKey);
        return;
      default:
        this.drop(lost, 'the relay speaks another protocol');
    }
  }

  private authenticate(
    relayKey: Uint8Array,
    nonce: Uint8Array,
    lost: (detail: string) => void,
  ): void {
    const { privateKey, publicKey } = this.options;
    try {
      const mac = relayProof({
        privateKey,
        remoteKey: relayKey,
        peerKey: publicKey,
        nonce,
        authority: this.authority,
        crypto: this.options.host.crypto,
      });
      this.link?.send(encodeRelayMessage({ type: 'auth', peerKey: publicKey, mac }));
    } catch {
      this.drop(lost, 'the relay sent a bad key');
      return;
    }
    if (this.isReady) return;
    // The relay reads in order: packets may follow the proof without waiting for its answer.
    this.isReady = true;
    this.options.events.onReady();
  }

  /** The relay speaks at least once per keep-alive interval; a socket that is dead does not say so. */
  private watch(lost: (detail: string) => void): void {
    const { clock } = this.options.host;
    this.setTimer(this.keepAliveMs, () => {
      if (clock.nowMs() - this.heardAtMs > MISSED_KEEP_ALIVES * this.keepAliveMs) {
        this.drop(lost, 'the relay fell silent');
      } else this.watch(lost);
    });
  }

  private drop(lost: (detail: string) => void, detail: string): void {
    this.link?.close();
    lost(detail);
  }

  private onLost(detail: string): void {
    this.link = null;
    this.isReady = false;
    if (this.isClosed) return;
    const { random } = this.options.host;
    // Spread over half the interval, so that a relay's restart does not bring everybody back at once.
    const spread = 0.5 + (random.bytes(1)[0]! / 255) * 0.5;
    const retryMs = this.retryMs * spread;
    this.retryMs = Math.min(this.retryMs * 2, MAX_RETRY_MS);
    this.setTimer(retryMs, () => this.dial());
    this.options.events.onLost(detail);
  }

  private setTimer(delayMs: number, callback: () => void): void {
    this.cancelTimer();
    this.cancelTimer = this.options.host.clock.setTimer(delayMs, callback);
  }
}

function refusalText(refusal: number): string {
  for (const [name, value] of Object.entries(RelayRefusal)) if (value === refusal) return name;
  return String(refusal);
}
