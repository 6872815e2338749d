import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { PeerConnection } from 'node-datachannel';
import type { DataChannel, DescriptionType } from 'node-datachannel';
import type { Pipe, Transport } from '../pipe';

/** What a message of a stripe holds besides its bytes: the stream's offset. */
const HEADER_BYTES = 8;
/** A stripe's message fits one SCTP packet; a single channel cuts its own messages up. */
const STRIPED_BYTES = 1100;
const WHOLE_BYTES = 16 * 1024;
/** Bytes queued in all channels at which `write` says stop, and at which it goes on. */
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 128 * 1024;

type Signal =
  | { readonly index: number; readonly sdp: string; readonly type: string }
  | { readonly index: number; readonly candidate: string; readonly mid: string };

/**
 * WebRTC data channels (libdatachannel): one reliable ordered channel, or as many reliable unordered
 * ones as there are stripes, each on a peer connection and so with a congestion window of its own.
 */
export function dataChannel(stripes: number): Transport {
  return {
    async listen({ camera, port }, onViewer) {
      const server = createServer((socket) => {
        void negotiate(socket, stripes, false).then((channels) => onViewer(pipeOf(channels)));
      });
      server.listen(port, camera);
      await once(server, 'listening');
    },

    async connect({ camera, port }) {
      const socket = connect({ host: camera, port });
      await once(socket, 'connect');
      return pipeOf(await negotiate(socket, stripes, true));
    },
  };
}

/** Offers and candidates travel by a TCP connection beside the data. */
function negotiate(socket: Socket, stripes: number, offers: boolean): Promise<DataChannel[]> {
  socket.on('error', (error) => console.error(`signalling: ${error.message}`));
  const say = (signal: Signal) => socket.write(`${JSON.stringify(signal)}\n`);
  const channels: DataChannel[] = [];
  return new Promise((resolve) => {
    let open = 0;
    const take = (index: number, channel: DataChannel) => {
      channels[index] = channel;
      channel.onOpen(() => {
        if (++open === stripes) resolve(channels);
      });
    };
    const peers = Array.from({ length: stripes }, (_, index) => {
      const peer = new PeerConnection(`bench-${index}`, { iceServers: [] });
      peer.onLocalDescription((sdp, type) => say({ index, sdp, type }));
      peer.onLocalCandidate((candidate, mid) => say({ index, candidate, mid }));
      if (offers) take(index, peer.createDataChannel('video', { unordered: stripes > 1 }));
      else peer.onDataChannel((channel) => take(index, channel));
      return peer;
    });
    createInterface({ input: socket }).on('line', (line) => {
      const signal = JSON.parse(line) as Signal;
      const peer = peers[signal.index]!;
      if ('sdp' in signal) peer.setRemoteDescription(signal.sdp, signal.type as DescriptionType);
      else peer.addRemoteCandidate(signal.candidate, signal.mid);
    });
  });
}

function pipeOf(channels: readonly DataChannel[]): Pipe {
  const isStriped = channels.length > 1;
  const messageBytes = isStriped ? STRIPED_BYTES : WHOLE_BYTES;
  const early = new Map<number, Uint8Array>();
  let sentBytes = 0;
  let deliveredBytes = 0;
  let blocked = false;
  const queued = () => channels.reduce((sum, channel) => sum + channel.bufferedAmount(), 0);
  const emptiest = () =>
    channels.reduce((best, one) => (one.bufferedAmount() < best.bufferedAmount() ? one : best));
  const pipe: Pipe = {
    write(bytes) {
      for (let at = 0; at < bytes.length; at += messageBytes) {
        const piece = bytes.subarray(at, at + messageBytes);
        const message = new Uint8Array(HEADER_BYTES + piece.length);
        new DataView(message.buffer).setFloat64(0, sentBytes);
        message.set(piece, HEADER_BYTES);
        emptiest().sendMessageBinary(message);
        sentBytes += piece.length;
      }
      blocked = queued() >= HIGH_WATER_BYTES;
      return !blocked;
    },
    onDrain: () => undefined,
    onData: () => undefined,
    note: () => '',
  };
  for (const channel of channels) {
    channel.setBufferedAmountLowThreshold(LOW_WATER_BYTES / channels.length);
    channel.onBufferedAmountLow(() => {
      if (!blocked || queued() > LOW_WATER_BYTES) return;
      blocked = false;
      pipe.onDrain();
    });
    channel.onMessage((message) => {
      const bytes = new Uint8Array(message as ArrayBuffer);
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      early.set(view.getFloat64(0), bytes.subarray(HEADER_BYTES));
      for (;;) {
        const next = early.get(deliveredBytes);
        if (next === undefined) return;
        early.delete(deliveredBytes);
        deliveredBytes += next.length;
        pipe.onData(next);
      }
    });
  }
  return pipe;
}
