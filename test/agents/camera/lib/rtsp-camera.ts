import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import type { Socket as UdpSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/**
 * A network camera: an RTSP server (RFC 2326) that hands out over TCP what an ffmpeg of its own makes of
 * a test pattern. It knows as much of RTSP as a client needs that plays.
 */
export class RtspCamera {
  connections = 0;
  private readonly clients = new Set<Socket>();
  private readonly playing = new Map<Socket, number[]>();
  private sdp = '';

  private constructor(
    private readonly server: Server,
    private readonly tracks: readonly UdpSocket[],
    private readonly encoder: ChildProcess,
  ) {
    server.on('connection', (socket) => this.serve(socket));
    tracks.forEach((track, index) => track.on('message', (packet) => this.forward(index, packet)));
  }

  /** @param video ffmpeg's options for the picture, e.g. `-c:v libx264`; audio likewise. */
  static async start(video: readonly string[], audio: readonly string[]): Promise<RtspCamera> {
    const tracks = [createSocket('udp4'), createSocket('udp4')];
    for (const track of tracks) {
      track.bind(0, '127.0.0.1');
      await once(track, 'listening');
    }
    const [videoTo, audioTo] = tracks.map((track) => `rtp://127.0.0.1:${track.address().port}`);
    const encoder = spawn(
      'ffmpeg',
      [
        ...['-hide_banner', '-loglevel', 'error', '-nostdin'],
        ...['-re', '-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=15'],
        ...['-re', '-f', 'lavfi', '-i', 'sine=frequency=440'],
        ...['-map', '0:v', ...video, '-g', '15', '-pix_fmt', 'yuv420p', '-f', 'rtp', videoTo!],
        ...['-map', '1:a', ...audio, '-f', 'rtp', audioTo!, '-sdp_file', 'pipe:1'],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const camera = new RtspCamera(server, tracks, encoder);
    await camera.describe();
    return camera;
  }

  get url(): string {
    return `rtsp://127.0.0.1:${(this.server.address() as AddressInfo).port}/stream1`;
  }

  /** Breaks all connections, as a camera does that is restarted. */
  drop(): void {
    for (const client of this.clients) client.destroy();
  }

  async close(): Promise<void> {
    this.drop();
    this.server.close();
    for (const track of this.tracks) track.close();
    this.encoder.kill('SIGKILL');
    await once(this.encoder, 'exit');
  }

  /** ffmpeg writes the description at once, and nothing after it. */
  private async describe(): Promise<void> {
    let text = '';
    for await (const chunk of this.encoder.stdout!) {
      text += String(chunk);
      if ((text.match(/^a=rtpmap/gm) ?? []).length >= 2 || text.includes('m=audio')) break;
    }
    let track = 0;
    this.sdp = text
      .replace(/^SDP:\s*/, '')
      .replace(/^m=(\w+) \d+/gm, 'm=$1 0')
      .split(/(?=^m=)/m)
      .map((part) =>
        part.startsWith('m=') ? `${part.trimEnd()}\r\na=control:track${track++}\r\n` : part,
      )
      .join('');
  }

  private serve(socket: Socket): void {
    this.connections++;
    this.clients.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.clients.delete(socket);
      this.playing.delete(socket);
    });
    const channels: number[] = [];
    let rest = '';
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      // Receiver reports come in between; nobody needs them here.
      rest = rest.replace(/\$[\s\S]{3}[\s\S]*?(?=[A-Z_]+ rtsp:|$)/, '');
      for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
        this.answer(socket, rest.slice(0, end), channels);
        rest = rest.slice(end + 4);
      }
    });
  }

  private answer(socket: Socket, request: string, channels: number[]): void {
    const [method = '', url = ''] = request.split(' ');
    const sequence = /^CSeq: *(\d+)/im.exec(request)?.[1] ?? '0';
    const lines = [`RTSP/1.0 200 OK`, `CSeq: ${sequence}`, 'Session: 1'];
    let body = '';
    if (method === 'OPTIONS') lines.push('Public: DESCRIBE, SETUP, PLAY, TEARDOWN');
    if (method === 'DESCRIBE') {
      body = this.sdp;
      lines.push('Content-Type: application/sdp', `Content-Length: ${body.length}`);
      lines.push(`Content-Base: ${this.url}/`);
    }
    if (method === 'SETUP') {
      const channel = Number(/interleaved=(\d+)/.exec(request)?.[1] ?? 0);
      channels[Number(/track(\d)$/.exec(url)?.[1] ?? 0)] = channel;
      lines.push(`Transport: RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}`);
    }
    socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    if (method === 'PLAY') this.playing.set(socket, channels);
  }

  private forward(track: number, packet: Buffer): void {
    for (const [socket, channels] of this.playing) {
      const channel = channels[track];
      if (channel === undefined) continue;
      const head = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
      socket.write(Buffer.concat([head, packet]));
    }
  }
}
