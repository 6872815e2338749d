import UDX from 'udx-native';
import type { PeerAddresses, Pipe, Transport } from '../pipe';

/** Stream ids, which both sides know beforehand. */
const CAMERA_ID = 1;
const VIEWER_ID = 2;

/** udx-native: reliable streams over UDP with BBR, written in C. No encryption. */
export const udx: Transport = {
  listen(addresses, onViewer) {
    onViewer(open(addresses, 'camera'));
    return Promise.resolve();
  },

  connect(addresses) {
    return Promise.resolve(open(addresses, 'viewer'));
  },
};

function open({ camera, viewer, port }: PeerAddresses, side: 'camera' | 'viewer'): Pipe {
  const isCamera = side === 'camera';
  const engine = new UDX();
  const socket = engine.createSocket();
  socket.bind(isCamera ? port : port + 1, isCamera ? camera : viewer);
  const stream = engine.createStream(isCamera ? CAMERA_ID : VIEWER_ID);
  if (isCamera) stream.connect(socket, VIEWER_ID, port + 1, viewer);
  else stream.connect(socket, CAMERA_ID, port, camera);
  const pipe: Pipe = {
    write: (bytes) => stream.write(bytes),
    onDrain: () => undefined,
    onData: () => undefined,
    note: () => '',
  };
  stream.on('data', (bytes: Uint8Array) => pipe.onData(bytes));
  stream.on('drain', () => pipe.onDrain());
  stream.on('error', (error: Error) => console.error(`udx: ${error.message}`));
  return pipe;
}
