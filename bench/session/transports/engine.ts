import { Relay } from '../../../agents/relay/relay';
import { createNodeHost } from '../../../services/host/node';
import { CameraEndpoint, Endpoint } from '../../../services/p2p/endpoint';
import type { Connection } from '../../../services/p2p/endpoint';
import type { ResponseWriter } from '../../../services/p2p/http';
import { StreamPriority } from '../../../services/p2p/session';
import type { PeerAddresses, Pipe, Transport } from '../pipe';

const DIRECT_DEADLINE_MS = 10_000;

/**
 * The kit's engine, all of it: a relay, which runs with the viewer, two endpoints, the handshake, AEAD,
 * and the direct path that they find. The run begins once data takes that path.
 */
export const engine: Transport = {
  listen(addresses, onViewer) {
    const host = createNodeHost();
    const camera = new CameraEndpoint(host, { privateKey: bytesOf(addresses.privateKey) });
    camera.listen({
      relayUrl: relayUrl(addresses),
      accessSecret: bytesOf(addresses.accessSecret),
      onRequest: (_request, response) => {
        const pipe = cameraPipe(response);
        onViewer(pipe);
        // The request itself is what other transports need a first byte for.
        pipe.onData(new Uint8Array(1));
      },
    });
    return Promise.resolve();
  },

  async connect(addresses) {
    const { viewer, port, privateKey, accessSecret } = addresses;
    const relay = new Relay({ host: viewer, port: port + 1, metrics: false });
    await relay.start();
    const host = createNodeHost();
    const { publicKey } = new Endpoint(host, { privateKey: bytesOf(privateKey) });
    const endpoint = new Endpoint(host);
    const dial = () =>
      new Promise<Connection>((resolve, reject) => {
        const connection = endpoint.connect(
          { publicKey, accessSecret: bytesOf(accessSecret), relayUrl: relayUrl(addresses) },
          {
            onConnected: () => resolve(connection),
            onPath: () => undefined,
            onClosed: (error) => reject(error ?? new Error('the connection was closed')),
          },
        );
      });
    const connection = await untilRegistered(dial);
    await untilDirect(connection);
    return viewerPipe(connection);
  },
};

const relayUrl = ({ viewer, port }: PeerAddresses) => `ws://${viewer}:${port + 1}/relay`;

const bytesOf = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The camera dials the relay at the same time, and may be later. */
async function untilRegistered(dial: () => Promise<Connection>): Promise<Connection> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await dial();
    } catch (error) {
      if (attempt === 20) throw error;
      await pause(250);
    }
  }
}

async function untilDirect(connection: Connection): Promise<void> {
  const startMs = performance.now();
  while (connection.path.kind === 'relay') {
    if (performance.now() - startMs > DIRECT_DEADLINE_MS) throw new Error('no direct path');
    await pause(20);
  }
}

function cameraPipe(response: ResponseWriter): Pipe {
  const pipe: Pipe = {
    write: (bytes) => response.write(bytes),
    onDrain: () => undefined,
    onData: () => undefined,
    note: () => '',
  };
  response.onDrain = () => pipe.onDrain();
  return pipe;
}

function viewerPipe(connection: Connection): Pipe {
  const pipe: Pipe = {
    // The first byte asks for the video, as a request does.
    write: () => {
      connection.request(
        { method: 'GET', target: '/ipc.flv?action=live', priority: StreamPriority.Live },
        {
          onHead: () => undefined,
          onData: (bytes) => pipe.onData(bytes),
          onEnd: () => undefined,
          onFail: (reason) => console.error(`engine: ${reason}`),
        },
      );
      return true;
    },
    onDrain: () => undefined,
    onData: () => undefined,
    // Over the relay it would not be the engine's recovery that is measured.
    note: () => (connection.path.kind === 'relay' ? 'the run ended on the relay' : ''),
  };
  return pipe;
}
