import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { startCamera } from '../../../../agents/camera/camera';
import type { CameraDescription, CameraOptions } from '../../../../agents/camera/camera-options';
import { Relay } from '../../../../agents/relay/relay';
import { createNodeHost } from '../../../../services/host/node';
import { Endpoint } from '../../../../services/p2p/endpoint';
import type { Connection } from '../../../../services/p2p/endpoint';
import { parseQuery, priorityOf } from '../../../../services/p2p/http';
import type { RequestHandle } from '../../../../services/p2p/http';
import { decodeXp2pInfo } from '../../../../services/p2p/module';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
}

export interface AskOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent and ended at once; left out, the body of a POST stays open. */
  readonly body?: Uint8Array;
  readonly onData?: (bytes: Uint8Array) => void;
}

/** A request that runs: what has been heard so far, and its end. */
export interface Asking {
  readonly handle: RequestHandle;
  readonly head: Promise<number>;
  readonly answer: Promise<Answer>;
}

/** One viewer's connection to a camera, over the real engine. */
export class RemoteViewer {
  private readonly endpoint = new Endpoint(createNodeHost());
  private readonly connection: Connection;
  /** Why the connection ended; null when we ended it. */
  readonly closed: Promise<Error | null>;

  constructor({ xp2pInfo }: Pick<CameraDescription, 'xp2pInfo'>) {
    let onClosed: (error: Error | null) => void = () => undefined;
    this.closed = new Promise((resolve) => (onClosed = resolve));
    this.connection = this.endpoint.connect(decodeXp2pInfo(xp2pInfo), {
      onConnected: () => undefined,
      onPath: () => undefined,
      onClosed,
    });
  }

  start(target: string, options: AskOptions = {}): Asking {
    const { method = 'GET', headers = {}, body, onData } = options;
    const [path = '', query = ''] = target.split('?');
    const chunks: Uint8Array[] = [];
    let status = 0;
    let fields: Readonly<Record<string, string>> = {};
    let onHead: (status: number) => void = () => undefined;
    const head = new Promise<number>((resolve) => (onHead = resolve));
    let handle: RequestHandle | null = null;
    const answer = new Promise<Answer>((resolve, reject) => {
      void this.closed.then((error) => reject(error ?? new Error('the connection was closed')));
      handle = this.connection.request(
        { method, target, headers, priority: priorityOf({ path, query: parseQuery(query) ?? {} }) },
        {
          onHead: (answered) => {
            ({ status, headers: fields } = answered);
            onHead(status);
          },
          onData: (bytes) => {
            chunks.push(bytes.slice());
            onData?.(bytes);
          },
          onEnd: () => {
            const all = Buffer.concat(chunks);
            resolve({ status, headers: fields, body: all, text: all.toString() });
          },
          // A session that ends says why in `onClosed`, which follows at once.
          onFail: (reason) =>
            setImmediate(() => reject(new Error(`the request failed: ${reason}`))),
        },
      );
    });
    // Whoever cancels a stream does not wait for its end.
    answer.catch(() => undefined);
    if (body) {
      handle!.write(body);
      handle!.end();
    }
    return { handle: handle!, head, answer };
  }

  ask(target: string, options: AskOptions = {}): Promise<Answer> {
    return this.start(target, options).answer;
  }

  async command(query: string): Promise<unknown> {
    const { status, text } = await this.ask(`/command?${query}`);
    if (status !== 200) throw new Error(`${status} ${text}`);
    return JSON.parse(text);
  }

  close(): void {
    this.connection.close();
    this.endpoint.close();
  }
}

/** A relay, and cameras and viewers that go with it. */
export class CameraWorld {
  readonly dataDirectory = mkdtempSync(join(tmpdir(), 'camera-'));
  private readonly closers: (() => Promise<void> | void)[] = [];

  private constructor(
    readonly relay: Relay,
    readonly relayUrl: string,
  ) {}

  static async start(): Promise<CameraWorld> {
    const relay = new Relay({ metrics: false });
    const { url } = await relay.start();
    return new CameraWorld(relay, url);
  }

  /** Starts a camera without a card, unless told otherwise. */
  camera(options: Partial<CameraOptions> = {}): Promise<CameraDescription> {
    return new Promise((resolve, reject) => {
      startCamera({
        relayUrl: this.relayUrl,
        dataDirectory: this.dataDirectory,
        cardBytes: null,
        log: pino({ level: 'silent' }),
        onReady: resolve,
        onRelay: () => undefined,
        ...options,
      }).then((running) => this.closers.push(() => running.close()), reject);
    });
  }

  viewer(camera: CameraDescription): RemoteViewer {
    const viewer = new RemoteViewer(camera);
    this.closers.push(() => viewer.close());
    return viewer;
  }

  /** Ends what was started last. */
  async closeLast(): Promise<void> {
    await this.closers.pop()!();
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
    await this.relay.close();
    rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}
