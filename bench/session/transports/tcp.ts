import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Pipe, Transport } from '../pipe';

/** The kernel's TCP, with the congestion control of the camera's route. */
export const tcp: Transport = {
  async listen({ camera, port }, onViewer) {
    const server = createServer({ noDelay: true }, (socket) => onViewer(pipeOf(socket)));
    server.listen(port, camera);
    await once(server, 'listening');
  },

  async connect({ camera, port }) {
    const socket = connect({ host: camera, port, noDelay: true });
    await once(socket, 'connect');
    return pipeOf(socket);
  },
};

function pipeOf(socket: Socket): Pipe {
  const pipe: Pipe = {
    write: (bytes) => socket.write(bytes),
    onDrain: () => undefined,
    onData: () => undefined,
    note: () => '',
  };
  socket.on('data', (bytes) => pipe.onData(bytes));
  socket.on('drain', () => pipe.onDrain());
  socket.on('error', (error) => console.error(`tcp: ${error.message}`));
  return pipe;
}
