import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { DemoDevice } from '../../../agents/page-server/devices';
import { createPageServer } from '../../../agents/page-server/page-server';

const camera: DemoDevice = {
  id: 'DEMO/camera',
  name: 'Door',
  productId: 'DEMO',
  deviceName: 'camera',
  xp2pInfo: 'XP2P',
};

interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

describe('createPageServer', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'page-'));
  const root = path.join(folder, 'h5');
  let devices: () => Promise<readonly DemoDevice[]>;
  const server = createPageServer({ root, devices: () => devices() });

  /** Sends the path as it is; `fetch` would resolve its dots. */
  function ask(requestPath: string, options: http.RequestOptions = {}): Promise<Answer> {
    const { port } = server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      http
        .request({ port, path: requestPath, ...options }, (res) => {
          let body = '';
          res.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
          res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body }));
        })
        .on('error', reject)
        .end();
    });
  }

  beforeAll((done) => {
    fs.mkdirSync(path.join(root, 'js'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'secret.txt'), 'secret');
    fs.writeFileSync(path.join(root, 'index.html'), '<p>page</p>');
    fs.writeFileSync(path.join(root, 'js/app.0123abcd.js'), 'app()');
    server.listen(0, '127.0.0.1', done);
  });

  beforeEach(() => {
    devices = () => Promise.resolve([camera]);
  });

  afterAll((done) => {
    fs.rmSync(folder, { recursive: true });
    server.close(done);
  });

  it('serves the page, to be revalidated each time', async () => {
    const { status, headers, body } = await ask('/');
    expect({ status, body }).toEqual({ status: 200, body: '<p>page</p>' });
    expect(headers['cache-control']).toBe('no-cache');
    expect((await ask('/', { headers: { 'If-None-Match': headers.etag } })).status).toBe(304);
  });

  it('lets files with a content hash be kept for ever', async () => {
    const { headers, body } = await ask('/js/app.0123abcd.js');
    expect(body).toBe('app()');
    expect(headers['cache-control']).toBe('public,max-age=31536000,immutable');
  });

  it('lists the devices as they are at the time', async () => {
    expect(JSON.parse((await ask('/demo/devices.json')).body)).toEqual({ devices: [camera] });
    devices = () => Promise.resolve([]);
    const { headers, body } = await ask('/demo/devices.json?t=1');
    expect(JSON.parse(body)).toEqual({ devices: [] });
    expect(headers['cache-control']).toBe('no-cache');
  });

  it('answers 503 while the devices cannot be read', async () => {
    devices = () => Promise.reject(new Error('broken'));
    expect((await ask('/demo/devices.json')).status).toBe(503);
  });

  it.each(['/nothing', '/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%ff%00'])(
    'answers 404 to %s',
    async (requestPath) => {
      expect((await ask(requestPath)).status).toBe(404);
    },
  );

  it('survives a range that ends before it starts', async () => {
    const { status, body } = await ask('/', { headers: { Range: 'bytes=5-2' } });
    expect({ status, body }).toEqual({ status: 200, body: '<p>page</p>' });
  });

  it('allows reading only', async () => {
    const { status, headers } = await ask('/', { method: 'POST' });
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: 'GET, HEAD' });
    expect(await ask('/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });
});
