import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import sirv from 'sirv';
import type { DemoDevice } from './devices';

export interface PageServerOptions {
  /** Folder of the built H5 app. */
  readonly root: string;
  /** Asked on every request, so that a camera that comes later is found by a reload. */
  readonly devices: () => Promise<readonly DemoDevice[]>;
  readonly onError?: (error: unknown) => void;
}

const DEVICES_PATH = '/demo/devices.json';
const NAME_WITH_CONTENT_HASH = /\.[0-9a-f]{8}\.(js|css)$/;

function end(res: ServerResponse, status: number, type: string, body: string): void {
  res.writeHead(status, {
    'Content-Type': `${type};charset=utf-8`,
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-cache',
  });
  res.end(body);
}

const endJson = (res: ServerResponse, status: number, value: unknown) =>
  end(res, status, 'application/json', JSON.stringify(value));

/** Serves the built page and the list of cameras that it offers. */
export function createPageServer(options: PageServerOptions): Server {
  const serveFile = sirv(options.root, {
    // Looks at the disk on each request: a rebuild shows up with a reload.
    dev: true,
    etag: true,
    setHeaders: (res, pathname) => {
      if (NAME_WITH_CONTENT_HASH.test(pathname)) {
        res.setHeader('Cache-Control', 'public,max-age=31536000,immutable');
      }
    },
  });

  async function serveDevices(res: ServerResponse): Promise<void> {
    try {
      endJson(res, 200, { devices: await options.devices() });
    } catch (error) {
      options.onError?.(error);
      endJson(res, 503, { error: 'the list of devices cannot be read at present' });
    }
  }

  return createServer((req: IncomingMessage, res) => {
    res.setHeader('X-Content-Type-Options', 'nosniff');
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('Allow', 'GET, HEAD');
      end(res, 405, 'text/plain', 'Method not allowed\n');
      return;
    }
    // Optional to honour (RFC 9110 §14.2), and sirv throws on a range that ends before it starts.
    delete req.headers.range;
    if (req.url?.split('?', 1)[0] === DEVICES_PATH) void serveDevices(res);
    else serveFile(req, res, () => end(res, 404, 'text/plain', 'Not found\n'));
  });
}
