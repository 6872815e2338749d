/*
 * A viewer for the lab's nodes, on the real engine: watches an `engine-camera.ts`, checks every byte
 * and measures the time between frames.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createNodeHost } from '../../../services/host/node';
import { Endpoint } from '../../../services/p2p/endpoint';
import type { Connection, PathInfo } from '../../../services/p2p/endpoint';
import { EventLog, StreamPriority } from '../../../services/p2p/session';
import type { LoggedEvent } from '../../../services/p2p/session';
import type { CameraAddress } from './engine-camera';
import { checkBulk, FrameReader } from './live-frames';
import { serveCommands } from './serve-commands';

/** What the viewer can be told to do. */
export type ViewerCommand =
  /** Connects and asks for both streams; answers with the ms to the first frame. */
  | { readonly do: 'watch'; readonly camera: CameraAddress }
  /** Waits for a kind of path, and for a frame that came by it; answers with the kind there is. */
  | { readonly do: 'wait'; readonly kind: PathInfo['kind']; readonly deadlineMs: number }
  /** From now on the time between frames is measured. */
  | { readonly do: 'mark' }
  /** Answers with a `ViewerReport` since `mark`. */
  | { readonly do: 'report' }
  /** Waits until both streams have ended, and answers with `ViewerTotals`. */
  | { readonly do: 'finish' };

export interface ViewerReport {
  /** Longest time between two frames. */
  readonly gapMs: number;
  readonly frames: number;
  readonly kind: PathInfo['kind'];
  /** When `mark` was, in ms of the system's clock. */
  readonly markedMs: number;
  /** What the engine did meanwhile, with times of the same clock. */
  readonly log: readonly LoggedEvent[];
}

export interface ViewerTotals {
  readonly frames: number;
  readonly bulkBytes: number;
  /** What went wrong; null when both streams have come to their end. */
  readonly failure: string | null;
}

const FIRST_FRAME_DEADLINE_MS = 10_000;
const FINISH_DEADLINE_MS = 10_000;
const POLL_MS = 5;

class LabViewer {
  private readonly endpoint = new Endpoint(createNodeHost());
  private readonly log = new EventLog(8192);
  private readonly reader = new FrameReader();
  private readonly arrivals: number[] = [];
  private readonly connection: Connection;
  private bulkBytes = 0;
  private ended = 0;
  private failure: string | null = null;
  private markedMs = 0;

  constructor({ publicKey, accessSecret, relayUrl }: CameraAddress) {
    const address = {
      publicKey: bytesOf(publicKey),
      accessSecret: bytesOf(accessSecret),
      relayUrl,
    };
    this.connection = this.endpoint.connect(
      address,
      {
        onConnected: () => undefined,
        onPath: () => undefined,
        onClosed: (error) => this.fail(`closed: ${error?.message}`),
      },
      this.log,
    );
    this.request('/ipc.flv', StreamPriority.Live, (bytes) => {
      const complete = this.reader.read(bytes);
      for (let i = 0; i < complete; i++) this.arrivals.push(performance.now());
    });
    this.request('/file', StreamPriority.Download, (bytes) => {
      checkBulk(bytes, this.bulkBytes);
      this.bulkBytes += bytes.length;
    });
  }

  async watch(): Promise<number> {
    const startedMs = performance.now();
    await this.until(() => this.arrivals.length > 0, FIRST_FRAME_DEADLINE_MS);
    return this.arrivals[0]! - startedMs;
  }

  async wait(kind: PathInfo['kind'], deadlineMs: number): Promise<PathInfo['kind']> {
    await this.until(() => this.connection.path.kind === kind, deadlineMs);
    return this.connection.path.kind;
  }

  mark(): void {
    this.markedMs = performance.now();
    this.arrivals.splice(0, this.arrivals.length - 1);
  }

  report(): ViewerReport {
    const times = [...this.arrivals, performance.now()];
    const log = this.log.entries().filter(({ timeMs }) => timeMs >= this.markedMs);
    return {
      gapMs: Math.max(...times.slice(1).map((at, i) => at - times[i]!)),
      frames: this.arrivals.length - 1,
      kind: this.connection.path.kind,
      markedMs: performance.timeOrigin + this.markedMs,
      log: log.map(({ timeMs, event }) => ({ timeMs: performance.timeOrigin + timeMs, event })),
    };
  }

  async finish(): Promise<ViewerTotals> {
    await this.until(() => this.ended === 2, FINISH_DEADLINE_MS);
    if (this.ended < 2) this.fail('the streams have not ended');
    return { frames: this.reader.frames, bulkBytes: this.bulkBytes, failure: this.failure };
  }

  close(): void {
    this.connection.close();
    this.endpoint.close();
  }

  private request(target: string, priority: StreamPriority, onData: (bytes: Uint8Array) => void) {
    this.connection.request(
      { method: 'GET', target, priority, early: true },
      {
        onHead: () => undefined,
        onData: (bytes) => {
          try {
            onData(bytes);
          } catch (error) {
            this.fail(String(error));
          }
        },
        onEnd: () => this.ended++,
        onFail: (reason) => this.fail(`${target}: ${reason}`),
      },
    );
  }

  /** The first failure explains those that follow from it. */
  private fail(failure: string): void {
    this.failure ??= failure;
  }

  private async until(done: () => boolean, deadlineMs: number): Promise<void> {
    const startedMs = performance.now();
    while (!done() && this.failure === null && performance.now() - startedMs < deadlineMs) {
      await sleep(POLL_MS);
    }
    if (this.failure !== null) throw new Error(this.failure);
  }
}

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

let viewer: LabViewer | null = null;

async function answer(command: ViewerCommand): Promise<unknown> {
  if (command.do === 'watch') {
    viewer?.close();
    viewer = new LabViewer(command.camera);
    return viewer.watch();
  }
  if (viewer === null) throw new Error('watch first');
  switch (command.do) {
    case 'wait':
      return viewer.wait(command.kind, command.deadlineMs);
    case 'mark':
      return viewer.mark();
    case 'report':
      return viewer.report();
    case 'finish':
      return viewer.finish();
  }
}

serveCommands('ready', answer);
