import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildHost } from './lib/build.mjs';
import { createDemo } from './lib/demo.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { main } from './lib/main.mjs';
import { freePort } from './lib/network.mjs';
import { root } from './lib/root.mjs';

const USUAL_PORT = 8080;
const STEPS = 5;

const USAGE = `usage: npm start -- [options]

Builds the demo page when needed, starts a relay, a camera and a server for the page,
and prints the page's address. Ctrl-C stops everything.

  --input <source>   what the camera shows: testsrc, a file, or rtsp://... (default: a sample clip)
  --host <address>   address to listen on; 0.0.0.0 lets other devices in (default: 127.0.0.1)
  --port <number>    port of the page (default: ${USUAL_PORT}, or a free one)
  --data <folder>    where keys and recordings are kept (default: .data)
  --help`;

const OPTIONS = {
  input: { type: 'string' },
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string' },
  data: { type: 'string', default: '.data' },
  help: { type: 'boolean', default: false },
};

let steps = 0;
const step = (text) => console.log(`[${(steps += 1)}/${STEPS}] ${text}`);

/** Settles when there is a reason to stop: resolves on a signal, rejects on a failure. */
function untilStopped(demo, failed) {
  return new Promise((resolve, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, resolve);
    failed.then(reject);
    demo.start().then((url) => {
      console.log(`\n  The page is at  ${url}\n\n  Ctrl-C stops everything.\n`);
    }, reject);
  });
}

async function start() {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  step('Checking the packages');
  await ensureInstalled();
  step('Checking the page');
  await buildHost('h5', { ifStale: true });

  let fail;
  const failed = new Promise((resolve) => (fail = resolve));
  const demo = createDemo({
    host: values.host,
    // The same port from one start to the next keeps what the page has stored.
    port: values.port ?? (await freePort(values.host, USUAL_PORT)),
    data: path.resolve(root, values.data),
    input: values.input,
    onStep: step,
    onFailure: fail,
  });
  try {
    await untilStopped(demo, failed);
    console.log('\nStopping ...');
  } finally {
    await demo.stop();
  }
}

await main(start);
