import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { Command } from 'commander';
import { closeOnExit, createOutput, fail, parsePort } from '../cli';
import { parseDevice, readDevicesFile } from './devices';
import type { DemoDevice } from './devices';
import { createPageServer } from './page-server';

interface Options {
  readonly root: string;
  readonly host: string;
  readonly port: number;
  readonly device: readonly DemoDevice[];
  readonly devicesFile?: string;
  readonly json: boolean;
}

const { root, host, port, device, devicesFile, json } = new Command('page-server')
  .description('Serves the built H5 page and the list of cameras it offers (demo/devices.json).')
  .option('--root <folder>', 'folder of the built page', 'dist/h5')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on, 0 for a free one', parsePort, 0)
  .option(
    '--device <json>',
    'a camera: {"id","name","productId","deviceName","xp2pInfo"}; may be repeated',
    (text: string, others: DemoDevice[]) => [...others, parseDevice(text)],
    [],
  )
  .option('--devices-file <file>', 'a file with {"devices":[…]}, read again when it changes')
  .option('--json', 'print events as lines of JSON', false)
  .parse()
  .opts<Options>();

const { log, announce } = createOutput({ json, name: 'page-server' });

if (!existsSync(path.join(root, 'index.html'))) {
  fail(`there is no page in ${root}; build it with "npm run build:h5"`);
}

const server = createPageServer({
  root,
  devices: async () => [...device, ...(devicesFile ? await readDevicesFile(devicesFile) : [])],
  onError: (error) => log.warn({ err: error }, 'cannot read the list of devices'),
});

server.once('error', fail);
server.listen(port, host, () => {
  const { address, port: actual, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}/`;
  announce({ event: 'listening', url }, `The page is at ${url}`);
});

closeOnExit(() => {
  server.closeAllConnections();
  server.close();
});
