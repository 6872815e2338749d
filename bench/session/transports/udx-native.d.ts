declare module 'udx-native' {
  import type { Duplex } from 'node:stream';

  interface UdxSocket {
    bind(port: number, host: string): void;
  }

  interface UdxStream extends Duplex {
    connect(socket: UdxSocket, remoteId: number, remotePort: number, remoteHost: string): void;
  }

  class UDX {
    createSocket(): UdxSocket;
    createStream(id: number): UdxStream;
  }

  export = UDX;
}
