import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freePort, reachableHost } from './network.mjs';
import { startProgram } from './program.mjs';

/** Long enough for a slow machine to start an encoder. */
const READY_DEADLINE_MS = 60_000;

/** Whole or not at all: the page server may read it at any moment. */
function writeJson(file, value) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

const demoDevice = ({ xp2pInfo, name, productId = 'DEMO', deviceName = 'camera' }) => ({
  id: `${productId}/${deviceName}`,
  name,
  productId,
  deviceName,
  xp2pInfo,
});

/**
 * Relay, camera and page server. `onFailure` is told when one of them ends by itself.
 * `start` returns the page's address; `stop` ends what has been started.
 */
export function createDemo({ host, port, data, input, onStep, onFailure, agents = 'agents' }) {
  const running = [];
  let stopped = null;

  /** Starts a program and waits for the event that tells that it does its work. */
  function launch(name, args, ready, onReady = () => {}) {
    return new Promise((resolve, reject) => {
      if (stopped) throw new Error('the demo has been stopped');
      const deadline = setTimeout(
        () => reject(new Error(`the ${name} is not ready after ${READY_DEADLINE_MS / 1000} s`)),
        READY_DEADLINE_MS,
      );
      const program = startProgram(name, `${agents}/${name}/main.ts`, args, {
        onEvent(event) {
          if (event.event !== ready) return;
          clearTimeout(deadline);
          onReady(event);
          resolve(event);
        },
        onExit(how) {
          clearTimeout(deadline);
          if (stopped) return;
          const error = new Error(`the ${name} ended by itself (${how})`);
          reject(error);
          onFailure(error);
        },
      });
      running.push(program);
    });
  }

  async function start() {
    const devicesFile = path.join(data, 'devices.json');

    onStep('Starting the relay');
    // Known beforehand, since the relay has to know the name that peers dial.
    const relayPort = await freePort(host);
    const relayHost = `${reachableHost(host)}:${relayPort}`;
    const relayArgs = ['--port', String(relayPort), '--host', host, '--public-host', relayHost];
    const relay = await launch('relay', relayArgs, 'listening');

    onStep('Starting the camera');
    const relayUrl = `ws://${relayHost}${new URL(relay.url).pathname}`;
    const cameraArgs = ['--relay', relayUrl, '--data', path.join(data, 'camera')];
    if (input) cameraArgs.push('--input', input);
    // A card that has just been put in would have nothing to play back.
    else cameraArgs.push('--seed-recordings', '1');
    // Told again when the camera changes its secret.
    const writeDevices = (event) => writeJson(devicesFile, { devices: [demoDevice(event)] });
    await launch('camera', cameraArgs, 'ready', writeDevices);

    onStep('Starting the page server');
    const serverArgs = ['--port', String(port), '--host', host, '--devices-file', devicesFile];
    const server = await launch('page-server', serverArgs, 'listening');
    return `http://${reachableHost(host)}:${new URL(server.url).port}/`;
  }

  function stop() {
    stopped ??= Promise.all(running.map((program) => program.stop()));
    return stopped;
  }

  return { start, stop };
}
