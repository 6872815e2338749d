import { once } from 'node:events';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { prepareClip } from '../../agents/camera/clip';
import { ClipSource } from '../../agents/camera/clip-source';
import { LiveHub } from '../../agents/camera/live-hub';
import { createNodeHost } from '../../services/host/node';
import type { ResponseWriter } from '../../services/p2p/http';

const ROOT = path.resolve(__dirname, '../..');
const PAGE = `<!doctype html><meta charset="utf-8"><video muted playsinline width="640"></video>
<canvas hidden></canvas><script type="module" src="page.js"></script>`;

export interface BenchServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the bench's page, and the camera's clip as plain HTTP-FLV from the camera's own hub. */
export async function startBenchServer(): Promise<BenchServer> {
  const files = await bundle();
  const { clock } = createNodeHost();
  const hub = new LiveHub({ clock });
  const source = new ClipSource(
    prepareClip(await readFile(path.join(ROOT, 'agents/camera/assets/sample.flv'))),
    clock,
  );
  await source.start(hub);
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').split('?')[0]!.slice(1);
    if (name === 'live.flv') {
      hub.addViewer(writerOf(response));
      return;
    }
    const body = name === '' ? PAGE : files.get(name);
    const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type });
    response.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async () => {
      hub.close();
      await source.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Split, so that mpegts.js is a chunk of its own for both ways, as in the app. */
async function bundle(): Promise<Map<string, string>> {
  const result = await build({
    entryPoints: { page: path.join(__dirname, 'page.ts') },
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2020',
    outdir: '/',
    alias: {
      '@components': path.join(ROOT, 'components'),
      '@services': path.join(ROOT, 'services'),
    },
  });
  return new Map(result.outputFiles.map((file) => [path.basename(file.path), file.text]));
}

function writerOf(response: ServerResponse): ResponseWriter {
  const writer: ResponseWriter = {
    writeHead: (status, headers) => void response.writeHead(status, headers),
    write: (chunk) => response.write(chunk),
    end: (chunk) => void response.end(chunk),
    abort: () => void response.destroy(),
    bufferedBytes: () => response.writableLength,
    estimate: () => ({ rateBps: null, appLimited: true, rttMs: null, minRttMs: null }),
    onDrain: null,
    onClose: null,
  };
  response.on('close', () => writer.onClose?.());
  response.on('drain', () => writer.onDrain?.());
  return writer;
}
