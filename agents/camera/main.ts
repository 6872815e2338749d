import { Command, InvalidArgumentError, Option } from 'commander';
import {
  LOG_LEVELS,
  closeOnExit,
  createOutput,
  exitWithParent,
  fail,
  onLine,
  parseCount,
} from '../cli';
import type { LogLevel } from '../cli';
import { CALL_ACTS, CALL_REPLIES } from './call/call';
import type { CallReply } from './call/call';
import { startCamera } from './camera';
import { parseCameraInput } from './camera-input';
import type { CameraInput } from './camera-input';
import type { PtzAxis } from './capabilities';
import { parseQuirks } from './commands/quirks';
import type { Quirk } from './commands/quirks';
import { DEFAULT_DEVICE_VERSION, parseDeviceVersion } from './device-version';
import { parsePtzAxes } from './ptz/ptz-config';

interface Options {
  readonly relay: string;
  readonly publicRelay?: string;
  readonly data: string;
  readonly name?: string;
  readonly input?: readonly CameraInput[];
  readonly channels?: number;
  readonly maxViewers: number;
  readonly maxBitrate?: number;
  readonly keepH265: boolean;
  readonly recording: boolean;
  readonly cardSize: number;
  readonly seedRecordings: number;
  readonly ptz: readonly PtzAxis[];
  readonly talk: boolean;
  readonly onCall: CallReply;
  readonly replyAfter: number;
  readonly playTalk?: string | true;
  readonly deviceVersion: string;
  readonly pictureStream: boolean;
  readonly quirks?: ReadonlySet<Quirk>;
  readonly rotateSecret: boolean;
  readonly json: boolean;
  readonly logLevel?: LogLevel;
  readonly exitWithParent: boolean;
  readonly interactive: boolean;
}

const MEBIBYTE = 1024 * 1024;

/** Lets commander tell what is wrong with an option, and which one it is. */
function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

const parseInput = checked(parseCameraInput);

const options = new Command('camera')
  .description('A camera that shows a clip, a test pattern, a file or a network camera.')
  .requiredOption('--relay <url>', 'ws:// or wss:// URL of the relay to register at')
  .option('--public-relay <url>', 'the URL by which viewers reach that relay, if it is another')
  .option('--data <folder>', 'folder of keys, recordings and presets', '.data/camera')
  .option('--name <text>', 'what people call the camera')
  .option(
    '--input <source>',
    'clip, testsrc, the path of a file, or rtsp://...; repeat it for more channels (default: clip)',
    (text: string, others: readonly CameraInput[] = []) => [...others, parseInput(text)],
  )
  .option('--channels <number>', 'pictures of their own (default: one per input)', parseCount(1))
  .option('--max-viewers <number>', 'viewers at a time', parseCount(1), 16)
  .option('--max-bitrate <kbit/s>', 'highest bit rate of a picture', parseCount(100))
  .option('--keep-h265', 'pass H.265 of network cameras on (ffmpeg 6.1 and later)', false)
  .option('--no-recording', 'no card: no playback, no files')
  .option('--card-size <MiB>', 'space for recordings; the oldest go', parseCount(1), 512)
  .option('--seed-recordings <days>', 'fill past days with the clip', parseCount(0), 0)
  .option('--ptz <axes>', 'pan,tilt,zoom, some of them, or none', checked(parsePtzAxes), [
    ...(['pan', 'tilt', 'zoom'] as const),
  ])
  .option('--no-talk', 'no loudspeaker, no calls')
  .addOption(
    new Option('--on-call <reply>', 'what it does when a viewer calls; ring: on and on')
      .choices(CALL_REPLIES)
      .default('answer'),
  )
  .option('--reply-after <ms>', 'how long it rings before that', parseCount(0), 3_000)
  .option('--play-talk [device]', 'make audible what viewers say (ffmpeg; ALSA or macOS)')
  .option(
    '--device-version <version>',
    'device SDK that it claims: 2.3.x or 2.4.x',
    checked(parseDeviceVersion),
    DEFAULT_DEVICE_VERSION,
  )
  .option('--picture-stream', 'send single pictures and sound apart, no video (ffmpeg)', false)
  .option('--quirks <names>', 'answer commands as bad firmware does', checked(parseQuirks))
  .option('--rotate-secret', 'make every xp2pInfo given out so far useless', false)
  .option('--json', 'print events as lines of JSON', false)
  .addOption(new Option('--log-level <level>', 'how much to log').choices(LOG_LEVELS))
  .option('--interactive', `type ${CALL_ACTS.join(', ')} as somebody at the camera`, false)
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
    inputs: options.input,
    channels: options.channels,
    maxViewers: options.maxViewers,
    maxKbps: options.maxBitrate,
    keepH265: options.keepH265,
    cardBytes: options.recording ? options.cardSize * MEBIBYTE : null,
    demoDays: options.seedRecordings,
    ptzAxes: options.ptz,
    talk: options.talk,
    callReply: options.onCall,
    callReplyAfterMs: options.replyAfter,
    talkDevice: options.playTalk === true ? 'default' : options.playTalk,
    deviceVersion: options.deviceVersion,
    pictureStream: options.pictureStream,
    quirks: options.quirks,
    rotateSecret: options.rotateSecret,
    log: output.log,
    onReady: (description) =>
      output.announce(
        { event: 'ready', ...description },
        `The camera "${description.name}" is ready. Its xp2pInfo: ${description.xp2pInfo}`,
      ),
    onCall: (phase) => output.announce({ event: 'call', phase }, `Call: ${phase}`),
    onRelay: (state, detail) =>
      output.announce({ event: 'relay', state, detail }, `Relay: ${state} (${detail})`),
  });
  closeOnExit(() => camera.close());
  if (options.exitWithParent) exitWithParent();
  if (!options.interactive) return;
  onLine((line) => {
    const act = CALL_ACTS.find((one) => one === line);
    if (act) camera.act(act);
    else output.log.warn(`type ${CALL_ACTS.join(', ')}; not "${line}"`);
  });
}

run().catch((error: unknown) => fail(error));
