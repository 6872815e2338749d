import { Command, Option } from 'commander';
import { LOG_LEVELS, closeOnExit, createOutput, exitWithParent, fail, parseCount } from '../cli';
import type { LogLevel } from '../cli';
import { startCamera } from './camera';
import { parseCameraInput } from './camera-input';

interface Options {
  readonly relay: string;
  readonly publicRelay?: string;
  readonly data: string;
  readonly name?: string;
  readonly input: string;
  readonly maxViewers: number;
  readonly rotateSecret: boolean;
  readonly json: boolean;
  readonly logLevel?: LogLevel;
  readonly exitWithParent: boolean;
}

const options = new Command('camera')
  .description('A camera that shows a clip, a test pattern, a file or a network camera.')
  .requiredOption('--relay <url>', 'ws:// or wss:// URL of the relay to register at')
  .option('--public-relay <url>', 'the URL by which viewers reach that relay, if it is another')
  .option('--data <folder>', "folder of the camera's keys", '.data/camera')
  .option('--name <text>', 'what people call the camera')
  .option('--input <source>', 'clip, testsrc, the path of a file, or rtsp://...', 'clip')
  .option('--max-viewers <number>', 'viewers at a time', parseCount(1), 16)
  .option('--rotate-secret', 'make every xp2pInfo given out so far useless', false)
  .option('--json', 'print events as lines of JSON', false)
  .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS))
  .option('--exit-with-parent', 'end when standard input closes', false)
  .parse()
  .opts<Options>();

const output = createOutput({ json: options.json, name: 'camera' });
if (options.logLevel) output.log.level = options.logLevel;

async function run(): Promise<void> {
  const camera = await startCamera({
    relayUrl: options.relay,
    publicRelayUrl: options.publicRelay,
    dataDirectory: options.data,
    name: options.name,
    input: parseCameraInput(options.input),
    maxViewers: options.maxViewers,
    rotateSecret: options.rotateSecret,
    log: output.log,
    onReady: (description) =>
      output.announce(
        { event: 'ready', ...description },
        `The camera "${description.name}" is ready. Its xp2pInfo: ${description.xp2pInfo}`,
      ),
    onRelay: (state, detail) =>
      output.announce({ event: 'relay', state, detail }, `Relay: ${state} (${detail})`),
  });
  closeOnExit(() => camera.close());
  if (options.exitWithParent) exitWithParent();
}

run().catch((error: unknown) => fail(error));
