import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import WebSocket from 'ws';
import { Relay } from '../../../agents/relay/relay';
import type { RelayOptions } from '../../../agents/relay/relay';
import {
  MAX_RELAY_MESSAGE_BYTES,
  MAX_RELAY_PACKET_BYTES,
  RelayRefusal,
  encodeRelayMessage,
} from '../../../services/p2p/transport';
import { ManualClock } from '../manual-clock';
import { RelayClient } from './relay-client';
import { RelayPeer } from './relay-peer';

describe('Relay', () => {
  let relay: Relay;
  let url: string;
  const clients: RelayClient[] = [];

  const start = async (options: RelayOptions = {}): Promise<void> => {
    relay = new Relay({ metrics: false, ...options });
    ({ url } = await relay.start());
  };
  const register = async (peer?: RelayPeer, authority?: string): Promise<RelayClient> => {
    const client = await RelayClient.register(url, peer, authority);
    clients.push(client);
    return client;
  };
  const registered = async (peer?: RelayPeer): Promise<RelayClient> => {
    const client = await register(peer);
    await client.next('registered');
    return client;
  };
  const upgradeStatus = async (path: string): Promise<number> => {
    const socket = new WebSocket(url.replace('/relay', path));
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [
      unknown,
      { statusCode: number },
    ];
    socket.terminate();
    return response.statusCode;
  };
  const get = (path: string): Promise<Response> =>
    fetch(url.replace('ws:', 'http:').replace('/relay', path), {
      headers: { connection: 'close' },
    });

  afterEach(async () => {
    for (const { socket } of clients.splice(0)) socket.terminate();
    await relay.close();
  });

  it('registers peers and forwards packets of every size between them', async () => {
    await start();
    const [camera, viewer] = [await registered(), await registered()];
    for (const size of [1, 1200, MAX_RELAY_PACKET_BYTES]) {
      const packet = new Uint8Array(size).fill(size & 0xff);
      await viewer.sendTo(camera.peer, packet);
      expect(await camera.next('packet')).toEqual({
        type: 'packet',
        peerKey: viewer.peer.key,
        packet,
      });
    }
    await camera.sendTo(viewer.peer, Uint8Array.of(9));
    expect((await viewer.next('packet')).peerKey).toEqual(camera.peer.key);
  });

  it('refuses a bad proof', async () => {
    await start();
    const client = new RelayClient(url);
    await client.next('challenge');
    client.socket.send(
      encodeRelayMessage({ type: 'auth', peerKey: client.peer.key, mac: new Uint8Array(32) }),
    );
    expect(await client.next('refused')).toMatchObject({ refusal: RelayRefusal.BadProof });
    expect(await client.closed).toBe(1008);
    expect(relay.counters.refused['bad-proof']).toBe(1);
  });

  it('refuses a proof that was made for another relay', async () => {
    await start();
    const client = await register(undefined, 'other.example');
    expect(await client.next('refused')).toMatchObject({ refusal: RelayRefusal.BadProof });
    await client.closed;
  });

  it('checks proofs against its public host, whatever the Host header says', async () => {
    await start({ publicHost: 'wss://Relay.Example/relay' });
    const lured = await register();
    expect(await lured.next('refused')).toMatchObject({ refusal: RelayRefusal.BadProof });
    const honest = await register(undefined, 'relay.example');
    expect(await honest.next('registered')).toMatchObject({ keepAliveS: 15 });
  });

  it('rejects a public host that is none', () => {
    expect(() => new Relay({ publicHost: 'http://x/', metrics: false })).toThrow('no public host');
  });

  it('lets the newer socket of a key take over', async () => {
    await start();
    const peer = new RelayPeer();
    const older = await registered(peer);
    const newer = await registered(peer);
    expect(await older.next('refused')).toMatchObject({ refusal: RelayRefusal.Superseded });
    await older.closed;
    const viewer = await registered();
    await viewer.sendTo(peer, Uint8Array.of(5));
    expect((await newer.next('packet')).packet).toEqual(Uint8Array.of(5));
  });

  it('closes on a message above the limit', async () => {
    await start();
    const client = await registered();
    client.socket.send(new Uint8Array(MAX_RELAY_MESSAGE_BYTES + 1));
    expect(await client.closed).toBe(1009);
    expect(relay.counters.refused['too-large']).toBe(1);
  });

  it('refuses text and malformed messages', async () => {
    await start();
    const talker = await registered();
    talker.socket.send('hello');
    expect(await talker.next('refused')).toMatchObject({ refusal: RelayRefusal.BadMessage });
    const noisy = await registered();
    noisy.socket.send(Uint8Array.of(0xff, 1, 2, 3));
    expect(await noisy.next('refused')).toMatchObject({ refusal: RelayRefusal.BadMessage });
  });

  it('tells that a destination is not registered', async () => {
    await start();
    const viewer = await registered();
    const nobody = new RelayPeer();
    await viewer.sendTo(nobody, Uint8Array.of(1));
    expect((await viewer.next('peer-gone')).peerKey).toEqual(nobody.key);
    expect(relay.counters.dropped['unknown-destination']).toBe(1);
  });

  it('tells viewers at once that their camera died', async () => {
    await start();
    const [camera, viewer] = [await registered(), await registered()];
    await viewer.sendTo(camera.peer, Uint8Array.of(1));
    await camera.next('packet');
    camera.socket.terminate();
    expect((await viewer.next('peer-gone')).peerKey).toEqual(camera.peer.key);
    expect(relay.counters.peers).toBe(1);
  });

  it('drops packets for a peer that does not read, and serves the others', async () => {
    await start({ limits: { maxQueueBytes: 100_000, maxBytesPerS: 1e9, maxMessagesPerS: 1e9 } });
    const [sender, slow, quick] = [await registered(), await registered(), await registered()];
    slow.socket.pause();
    const packet = new Uint8Array(MAX_RELAY_PACKET_BYTES);
    const dropped = (): number => relay.counters.dropped['back-pressure'];
    // The kernel's own buffers take megabytes first; 64 MB are far beyond them.
    for (let sent = 0; dropped() === 0 && sent < 64e6; sent += 500 * packet.length) {
      for (let i = 0; i < 499; i++) void sender.sendTo(slow.peer, packet);
      await sender.sendTo(slow.peer, packet);
      await sender.sendTo(quick.peer, Uint8Array.of(1));
      await quick.next('packet');
    }
    expect(dropped()).toBeGreaterThan(0);
  });

  it('closes a socket that proves nothing in time', async () => {
    const clock = new ManualClock();
    await start({ clock });
    const client = new RelayClient(url);
    await client.next('challenge');
    clock.advance(5_000);
    await client.next('refused');
    await client.closed;
    expect(relay.counters.refused['no-proof']).toBe(1);
  });

  it('terminates a peer that does not answer the close', async () => {
    const clock = new ManualClock();
    await start({ clock });
    const client = await registered();
    client.socket.pause();
    clock.advance(15_000 * 4);
    expect(relay.counters.refused.silent).toBe(1);
    clock.advance(1_000);
    client.socket.resume();
    await client.closed;
  });

  it('limits the sockets of one address', async () => {
    await start({ limits: { maxPerAddress: 1 } });
    const first = await registered();
    expect(await upgradeStatus('/relay')).toBe(429);
    first.socket.terminate();
    await first.closed;
  });

  it('limits the sockets that have proven nothing', async () => {
    await start({ limits: { maxUnproven: 1 } });
    await registered();
    const waiting = new RelayClient(url);
    await waiting.next('challenge');
    expect(await upgradeStatus('/relay')).toBe(503);
    waiting.socket.terminate();
    expect(relay.counters.refused['too-many-sockets']).toBe(1);
  });

  it('upgrades at its own path only', async () => {
    await start();
    expect(await upgradeStatus('/elsewhere')).toBe(404);
  });

  it('answers health checks and shows its counters', async () => {
    await start({ metrics: true });
    const [camera, viewer] = [await registered(), await registered()];
    await viewer.sendTo(camera.peer, new Uint8Array(100));
    await camera.next('packet');
    const health = await get('/healthz');
    expect([health.status, await health.text()]).toEqual([200, 'ok\n']);
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('relay_peers 2');
    expect(metrics).toContain('relay_bytes_forwarded_total 100');
    expect(metrics).toContain('relay_packets_dropped_total{reason="rate"} 0');
    expect((await get('/relay')).status).toBe(426);
    expect((await get('/other')).status).toBe(404);
  });

  it('hides its counters when told to', async () => {
    await start();
    expect((await get('/metrics')).status).toBe(404);
  });

  it('survives peers that reset the connection at any point', async () => {
    await start();
    const { port } = new URL(url);
    for (const bytes of ['', 'GET /relay HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n']) {
      const socket = connect(Number(port), '127.0.0.1');
      await once(socket, 'connect');
      await new Promise((resolve) => socket.write(`${bytes}\r\n`, resolve));
      socket.resetAndDestroy();
      await once(socket, 'close');
    }
    await registered();
  });

  it('says goodbye to its peers when it closes', async () => {
    await start();
    const client = await registered();
    const closing = relay.close();
    expect(await client.next('refused')).toMatchObject({ refusal: RelayRefusal.ShuttingDown });
    await closing;
    await client.closed;
  });

  it('says what to do when its port is taken', async () => {
    await start();
    const other = createServer();
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(new Relay({ port, metrics: false }).start()).rejects.toThrow(
      `port ${port} at 127.0.0.1 is taken`,
    );
    other.close();
  });
});
