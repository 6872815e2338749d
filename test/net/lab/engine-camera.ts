/*
 * A camera for the lab's nodes, on the real engine: a live stream and a file, both without end until
 * `finish`.
 */
import { randomBytes } from 'node:crypto';
import { createNodeHost } from '../../../services/host/node';
import { CameraEndpoint } from '../../../services/p2p/endpoint';
import type { ResponseWriter } from '../../../services/p2p/http';
import { EventLog } from '../../../services/p2p/session';
import type { LoggedEvent } from '../../../services/p2p/session';
import { FRAME_MS, writeBulk, writeFrame } from './live-frames';
import { serveCommands } from './serve-commands';

/** What the camera can be told to do. */
export type CameraCommand =
  /** Begins anew, as after a restart, and answers with a `CameraAddress` once it is registered. */
  | { readonly do: 'listen'; readonly relayUrl: string }
  /** Ends both streams, and answers with `CameraTotals`. */
  | { readonly do: 'finish' };

export interface CameraAddress {
  readonly publicKey: string;
  readonly accessSecret: string;
  readonly relayUrl: string;
}

export interface CameraTotals {
  /** Sessions that were opened since `listen`: each takes a handshake. */
  readonly sessions: number;
  readonly frames: number;
  /** Frames that were due while too much was waiting to be sent. */
  readonly skipped: number;
  readonly bulkBytes: number;
  /** What the engine did in the newest session, times of `performance.timeOrigin` plus `now`. */
  readonly log: readonly LoggedEvent[];
}

const REGISTER_DEADLINE_MS = 10_000;
const BULK_BYTES = 4000;
/** More than the streams carry in any outage that a session survives. */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

class LabCamera {
  private readonly accessSecret = new Uint8Array(randomBytes(16));
  private readonly endpoint = new CameraEndpoint(createNodeHost());
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly responses: ResponseWriter[] = [];
  private log = new EventLog();
  private sessions = 0;
  private openSessions = 0;
  private frames = 0;
  private skipped = 0;
  private bulkBytes = 0;
  private stop: () => void = () => undefined;

  listen(relayUrl: string): Promise<CameraAddress> {
    const { accessSecret, endpoint } = this;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(
        () => reject(new Error('not registered in time')),
        REGISTER_DEADLINE_MS,
      );
      const listener = endpoint.listen({
        relayUrl,
        accessSecret,
        onRelay: (state) => {
          if (state !== 'registered') return;
          clearTimeout(deadline);
          resolve({
            publicKey: Buffer.from(endpoint.publicKey).toString('hex'),
            accessSecret: Buffer.from(accessSecret).toString('hex'),
            relayUrl,
          });
        },
        onSessions: (count) => {
          if (count > this.openSessions) this.sessions++;
          this.openSessions = count;
        },
        createLog: () => (this.log = new EventLog(8192)),
        onRequest: ({ path }, response) => {
          response.writeHead(200);
          this.responses.push(response);
          this.timers.push(
            setInterval(() => {
              if (path === '/ipc.flv') this.sendFrame(response);
              else this.sendBulk(response);
            }, FRAME_MS),
          );
        },
      });
      this.stop = () => listener.close();
    });
  }

  finish(): CameraTotals {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    for (const response of this.responses.splice(0)) response.end();
    const { sessions, frames, skipped, bulkBytes } = this;
    const log = this.log
      .entries()
      .map(({ timeMs, event }) => ({ timeMs: performance.timeOrigin + timeMs, event }));
    return { sessions, frames, skipped, bulkBytes, log };
  }

  close(): void {
    this.finish();
    this.stop();
    this.endpoint.close();
  }

  private sendFrame(response: ResponseWriter): void {
    if (response.bufferedBytes() > MAX_WAITING_BYTES) this.skipped++;
    else response.write(writeFrame(this.frames++));
  }

  private sendBulk(response: ResponseWriter): void {
    if (response.bufferedBytes() > MAX_WAITING_BYTES) return;
    response.write(writeBulk(this.bulkBytes, BULK_BYTES));
    this.bulkBytes += BULK_BYTES;
  }
}

let camera: LabCamera | null = null;

async function answer(command: CameraCommand): Promise<CameraAddress | CameraTotals> {
  switch (command.do) {
    case 'listen':
      camera?.close();
      camera = new LabCamera();
      return camera.listen(command.relayUrl);
    case 'finish':
      if (camera === null) throw new Error('listen first');
      return camera.finish();
  }
}

serveCommands('ready', answer);
