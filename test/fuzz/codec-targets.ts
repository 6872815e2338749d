import { encodeUtf8 } from '../../services/encoding';
import { IotError } from '../../services/errors';
import {
  encodeFlvHeader,
  encodeFlvTag,
  FlvReader,
  metadataTag,
  parseAudioTag,
  parseVideoTag,
  readAacConfig,
  readAvcConfig,
  readMetadata,
} from '../../services/media/flv';
import type { FlvTag } from '../../services/media/flv';
import { boundaryOf, MjpgReader } from '../../services/media/mjpg';
import { encodeRequestHead, encodeResponseHead } from '../../services/p2p/http';
import {
  HeadReader,
  MAX_HEAD_BYTES,
  parseRequestHead,
  parseResponseHead,
} from '../../services/p2p/http/head-codec';
import { decodeXp2pInfo, encodeXp2pInfo } from '../../services/p2p/module';
import {
  decodeStunMessage,
  encodeBindingError,
  encodeBindingRequest,
  encodeBindingSuccess,
  isStunMessage,
  verifyMessageIntegrity,
} from '../../services/p2p/nat';
import { Acceptor } from '../../services/p2p/session';
import { InitiatorHandshake, pskOf } from '../../services/p2p/session/handshake';
import { readFrames } from '../../services/p2p/session/frames';
import { MalformedError } from '../../services/p2p/session/bytes';
import { keyPairOf } from '../../services/p2p/session/noise';
import { MAX_PACKET_BYTES, readPacketHead } from '../../services/p2p/session/packet';
import { decodeRelayMessage, encodeRelayMessage, RelayClient } from '../../services/p2p/transport';
import type { WebSocketEvents } from '../../services/host';
import { VirtualClock } from '../net/virtual-clock';
import { joined } from './mutator';
import type { Mutator } from './mutator';
import { CAMERA_KEY, SECRET } from './session-target';

/** One input for something that reads hostile bytes. @throws Error for whatever it may not do. */
export type CodecTarget = () => void;

/** All readers outside of a session, each with inputs made from valid ones. */
export function codecTargets(mutator: Mutator): Readonly<Record<string, CodecTarget>> {
  return {
    frames: framesTarget(mutator),
    relay: relayTarget(mutator),
    stun: stunTarget(mutator),
    http: httpTarget(mutator),
    flv: flvTarget(mutator),
    mjpg: mjpgTarget(mutator),
    xp2pInfo: xp2pInfoTarget(mutator),
  };
}

function framesTarget(mutator: Mutator): CodecTarget {
  return () => {
    const bytes = mutator.noise(mutator.below(200));
    readPacketHead(bytes);
    try {
      readFrames(bytes);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
    }
  };
}

function relayTarget(mutator: Mutator): CodecTarget {
  const key = mutator.bytes(32);
  const seeds = [
    encodeRelayMessage({ type: 'challenge', relayKey: key, nonce: key }),
    encodeRelayMessage({ type: 'auth', peerKey: key, mac: key }),
    encodeRelayMessage({ type: 'registered', keepAliveS: 20 }),
    encodeRelayMessage({ type: 'refused', refusal: 1 }),
    encodeRelayMessage({ type: 'keep-alive' }),
    encodeRelayMessage({ type: 'packet', peerKey: key, packet: mutator.bytes(100) }),
    encodeRelayMessage({ type: 'peer-gone', peerKey: key }),
  ];
  const client = new RelayClientTarget();
  return () => {
    const bytes = mutator.mutate(mutator.pick(seeds), 4000);
    const message = decodeRelayMessage(bytes);
    if (message !== null && !equal(encodeRelayMessage(message), bytes)) {
      throw new Error('a relay message that comes back as another');
    }
    // A challenge costs a Diffie-Hellman operation.
    if (message?.type !== 'challenge' || mutator.chance(0.001)) client.receive(bytes);
  };
}

/** A client whose relay is hostile; it is dialled again and again. */
class RelayClientTarget {
  private readonly clock = new VirtualClock();
  private socket: WebSocketEvents | null = null;

  constructor() {
    const random = { bytes: (length: number) => new Uint8Array(length) };
    const openWebSocket = (_url: string, events: WebSocketEvents) => {
      this.socket = events;
      return { send: () => undefined, bufferedBytes: () => 0, close: () => undefined };
    };
    const storage = { get: () => null, set: () => undefined };
    new RelayClient({
      host: { clock: this.clock, random, storage, openWebSocket },
      url: 'ws://relay.example/relay',
      privateKey: CAMERA_KEY.privateKey,
      publicKey: CAMERA_KEY.publicKey,
      events: {
        onReady: () => undefined,
        onRegistered: () => undefined,
        onLost: () => (this.socket = null),
        onPacket: () => undefined,
        onPeerGone: () => undefined,
      },
    });
  }

  receive(bytes: Uint8Array): void {
    if (this.socket === null) this.clock.advance(10_000);
    this.socket?.onMessage(bytes);
    this.clock.advance(100);
  }
}

function stunTarget(mutator: Mutator): CodecTarget {
  const transactionId = mutator.bytes(12);
  const mappedAddress = { address: '203.0.113.7', port: 4000 };
  const otherAddress = { address: '2001:db8::1', port: 3479 };
  const common = { transactionId, software: 'fuzz', fingerprint: true };
  const seeds = [
    encodeBindingRequest(common),
    encodeBindingRequest({ transactionId }),
    encodeBindingSuccess({ ...common, mappedAddress, otherAddress }),
    encodeBindingSuccess({ transactionId, mappedAddress: otherAddress }),
    encodeBindingError({ ...common, code: 420, reason: 'why', unknownAttributes: [1, 2] }),
  ];
  return () => {
    const bytes = mutator.mutate(mutator.pick(seeds), 2000);
    isStunMessage(bytes);
    const message = decodeStunMessage(bytes);
    if (message !== null && mutator.chance(0.05)) verifyMessageIntegrity(bytes, transactionId);
  };
}

function httpTarget(mutator: Mutator): CodecTarget {
  const headers = { host: 'camera', 'content-type': 'text/plain', 'x-a': 'b' };
  const seeds = [
    encodeRequestHead('GET', '/ipc.flv?action=live&channel=0', headers),
    encodeRequestHead('POST', '/voice?a=%20b&c=%e4%b8%ad', headers),
    encodeResponseHead(200, headers),
    encodeUtf8('GET /command?__proto__=1&a=%zz HTTP/1.1\r\n__proto__: x\r\nconstructor: y\r\n\r\n'),
  ];
  return () => {
    const bytes = mutator.mutate(mutator.pick(seeds), 3 * MAX_HEAD_BYTES);
    const reader = new HeadReader();
    for (let at = 0; at < bytes.length;) {
      const length = 1 + mutator.below(200);
      const read = reader.push(bytes.subarray(at, at + length));
      at += length;
      if (read === null) continue;
      if (read === 'too-long') return;
      const request = parseRequestHead(read.text);
      const response = parseResponseHead(read.text);
      if (request !== null && response !== null) throw new Error('a head that is both');
      return;
    }
  };
}

function flvTarget(mutator: Mutator): CodecTarget {
  const tag = (type: FlvTag['type'], ...parts: (Uint8Array | number[])[]) =>
    encodeFlvTag({
      type,
      timestampMs: 40,
      data: joined(...parts.map((part) => Uint8Array.from(part))),
    });
  const avcConfig = [0x17, 0, 0, 0, 0, 1, 0x42, 0, 0x1e, 0xff, 0xe1, 0, 4, 0x67, 1, 2, 3];
  const seed = joined(
    encodeFlvHeader({ hasAudio: true, hasVideo: true }),
    encodeFlvTag(metadataTag({ width: 640, height: 360, stereo: true })),
    tag('video', avcConfig),
    tag('audio', [0xaf, 0, 0x12, 0x10]),
    tag('video', [0x27, 1, 0, 0, 0], mutator.bytes(60)),
    tag('video', [0x91, 0x68, 0x76, 0x63, 0x31], mutator.bytes(20)),
  );
  return () => {
    const bytes = mutator.mutate(seed, 4000);
    const reader = new FlvReader({ maxTagBytes: 64 * 1024 });
    for (let at = 0; at < bytes.length;) {
      const length = 1 + mutator.below(120);
      for (const one of reader.push(bytes.subarray(at, at + length)).tags) {
        readMetadata(one);
        parseAudioTag(one);
        parseVideoTag(one);
        readAacConfig(one);
        readAvcConfig(one);
      }
      at += length;
    }
  };
}

function mjpgTarget(mutator: Mutator): CodecTarget {
  const contentType = 'multipart/x-mixed-replace; boundary="picture"';
  const seed = joined(
    encodeUtf8('--picture\r\nContent-Type: image/jpeg\r\nContent-Length: 20\r\n\r\n'),
    mutator.bytes(20),
    encodeUtf8('\r\n--picture\r\n\r\n'),
    mutator.bytes(30),
    encodeUtf8('\r\n--picture--\r\n'),
  );
  return () => {
    boundaryOf(String.fromCharCode(...mutator.mutate(encodeUtf8(contentType), 400)));
    const bytes = mutator.mutate(seed, 4000);
    const reader = new MjpgReader({
      contentType: mutator.below(2) === 0 ? contentType : null,
      maxPictureBytes: 1024,
    });
    for (let at = 0; at < bytes.length;) {
      const length = 1 + mutator.below(120);
      reader.push(bytes.subarray(at, at + length));
      at += length;
    }
  };
}

function xp2pInfoTarget(mutator: Mutator): CodecTarget {
  const info = {
    publicKey: mutator.bytes(32),
    accessSecret: mutator.bytes(16),
    relayUrl: 'wss://relay.example:8700/relay',
    sdkVersion: '2.4.0',
    flags: 'm',
  };
  const seed = encodeUtf8(encodeXp2pInfo(info));
  return () => {
    const text = String.fromCharCode(...mutator.mutate(seed, 1500));
    try {
      decodeXp2pInfo(text);
    } catch (error) {
      if (!(error instanceof IotError)) throw error;
    }
  };
}

/** The camera's door. One input costs a few ms: messages 1 that are valid, broken, and repeated. */
export class DoorTarget {
  readonly acceptor: Acceptor;
  private readonly mutator: Mutator;
  private wallMs = 1_700_000_000_000;
  private readonly messages: Uint8Array[] = [];

  constructor(mutator: Mutator) {
    this.mutator = mutator;
    this.acceptor = new Acceptor({
      random: mutator,
      staticKey: CAMERA_KEY,
      accessSecret: SECRET,
      startedAtMs: this.wallMs - 60_000,
    });
  }

  run(): void {
    const { mutator } = this;
    this.wallMs += mutator.below(500);
    if (this.messages.length === 0 || mutator.chance(0.2)) this.messages.push(this.message1());
    if (this.messages.length > 64) this.messages.shift();
    const valid = mutator.pick(this.messages);
    const broken = mutator.chance(0.8) ? mutator.mutate(valid, MAX_PACKET_BYTES) : valid;
    // Of the right size, or it is not looked at.
    const packet = new Uint8Array(MAX_PACKET_BYTES);
    packet.set(broken);
    this.acceptor.accept(packet, this.wallMs, mutator.chance(0.9));
  }

  private message1(): Uint8Array {
    const { mutator } = this;
    const handshake = new InitiatorHandshake({
      random: mutator,
      staticKey: keyPairOf(mutator.bytes(32)),
      cameraKey: CAMERA_KEY.publicKey,
      psk: pskOf(mutator.chance(0.9) ? SECRET : mutator.bytes(16), CAMERA_KEY.publicKey),
      connectionId: mutator.bytes(8),
    });
    const skewMs = mutator.chance(0.7) ? 0 : mutator.below(200_000) - 100_000;
    return handshake.writeInitial(this.wallMs + skewMs, mutator.noise(mutator.below(900)));
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
