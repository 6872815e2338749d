import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { createNodeHost } from '../../../../services/host/node';
import type { WebSocketLink } from '../../../../services/host';

interface Recorded {
  readonly link: WebSocketLink;
  readonly opened: Promise<void>;
  readonly closed: Promise<string>;
  readonly message: Promise<Uint8Array>;
}

describe('openWebSocket of the Node host', () => {
  let server: WebSocketServer;
  let url: string;

  beforeEach(async () => {
    server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });

  function open(target: string): Recorded {
    let link!: WebSocketLink;
    let opened!: Promise<void>;
    let message!: Promise<Uint8Array>;
    const closed = new Promise<string>((onClose) => {
      opened = new Promise((onOpen) => {
        message = new Promise((onMessage) => {
          const { openWebSocket } = createNodeHost({ webSocket: { maxMessageBytes: 100 } });
          link = openWebSocket(target, { onOpen, onMessage, onClose });
        });
      });
    });
    return { link, opened, closed, message };
  }

  async function accepted(): Promise<WebSocket> {
    const [socket] = (await once(server, 'connection')) as [WebSocket];
    return socket;
  }

  it('carries binary messages both ways', async () => {
    const connection = accepted();
    const { link, opened, message } = open(url);
    const socket = await connection;
    await opened;
    link.send(Uint8Array.of(1, 2, 3));
    const [data, isBinary] = (await once(socket, 'message')) as [Buffer, boolean];
    expect([Array.from(data), isBinary]).toEqual([[1, 2, 3], true]);
    socket.send('text is ignored');
    socket.send(Uint8Array.of(4, 5));
    expect(await message).toEqual(Uint8Array.of(4, 5));
    expect(link.bufferedBytes()).toBe(0);
    link.close();
  });

  it('tells when the peer closes', async () => {
    const connection = accepted();
    const { closed } = open(url);
    (await connection).close(1013, 'later');
    expect(await closed).toBe('closed with 1013 later');
  });

  it('is silent about a close of its own', async () => {
    const connection = accepted();
    const { link, opened, closed } = open(url);
    const socket = await connection;
    await opened;
    link.close();
    await once(socket, 'close');
    link.send(Uint8Array.of(1));
    await expect(Promise.race([closed, Promise.resolve('silent')])).resolves.toBe('silent');
  });

  it('survives a close before the socket opened', async () => {
    const { link, closed } = open(url);
    link.close();
    // By the time a later connection has come and gone, the first one's events are through.
    const connection = accepted();
    const later = open(url);
    await later.opened;
    (await connection).terminate();
    await later.closed;
    await expect(Promise.race([closed, Promise.resolve('silent')])).resolves.toBe('silent');
  });

  it('closes on a message above the limit', async () => {
    const connection = accepted();
    const { closed } = open(url);
    (await connection).send(new Uint8Array(101));
    expect(await closed).toContain('Max payload size exceeded');
  });

  it('reports a refused connection and an invalid url by onClose', async () => {
    server.close();
    expect(await open('ws://127.0.0.1:1/').closed).toContain('ECONNREFUSED');
    expect(await open('not a url').closed).toContain('Invalid URL');
  });
});
