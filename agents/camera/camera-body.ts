import { join } from 'node:path';
import type { Clock, Host } from '../../services/host';
import type { RequestHandler } from '../../services/p2p/http';
import { Audience } from './audience';
import { Call } from './call/call';
import type { CallAct } from './call/call';
import type { CameraOptions, CameraSettings } from './camera-options';
import { QUALITIES } from './capabilities';
import type { Capabilities, PlaybackCapabilities, TalkCapabilities } from './capabilities';
import { Card, seedRecordings } from './card';
import { Channel } from './channel';
import { MAX_KEYFRAME_STEP, PLAYBACK_COMMANDS, SPEED_COMMANDS } from './commands/inner-commands';
import { Playbacks } from './commands/playbacks';
import { USER_COMMANDS, createUserCommands } from './commands/user-commands';
import { featuresOf } from './device-version';
import type { DeviceFeatures } from './device-version';
import { Feedback } from './feedback/feedback';
import { DEFAULT_LIMITS } from './ffmpeg-args';
import { LiveStreams } from './live-streams';
import { openPresetFile } from './ptz/preset-file';
import { Ptz } from './ptz/ptz';
import { ptzCapabilitiesOf, ptzConfigOf, visibleAxesOf } from './ptz/ptz-config';
import { PtzView } from './ptz/ptz-view';
import { StillMaker } from './pictures/still-maker';
import { createRouter } from './router';
import { readSampleClip, startSources } from './sources';
import { Talk } from './talk/talk';
import { TalkFolder } from './talk/talk-folder';
import { TALK_RATES } from './talk/talk-format';
import { createTalkPlayer } from './talk/talk-player';

export type BodySettings = CameraSettings &
  Pick<CameraOptions, 'channels' | 'dataDirectory' | 'log' | 'onCall'>;

/** A camera without its network. */
export interface CameraBody {
  readonly onRequest: RequestHandler;
  /** The last session of a viewer has ended; its public key in hex. */
  readonly onViewerGone: (viewer: string) => void;
  /** Somebody at the camera. */
  readonly act: (act: CallAct) => void;
  /** Tells the viewers, who must still be reachable. */
  readonly endStreams: () => void;
  readonly close: () => Promise<void>;
}

const MAX_PLAYBACKS = 8;
const MAX_TALK_MS = 10 * 60 * 1_000;
const MAX_TALK_FILES = 100;
const MAX_TALK_BYTES = 128 * 1024 * 1024;

const TALK_CAPABILITIES: TalkCapabilities = {
  codecs: ['pcm', 'flv'],
  rates: TALK_RATES,
  duplex: true,
  talkers: 1,
  maxSeconds: MAX_TALK_MS / 1_000,
};

/**
 * Puts together all of the camera that is not the network, and starts it.
 * @param canEncode whether ffmpeg is there.
 * @param name what people call the camera.
 * @throws Error when an input cannot be opened.
 */
export async function startCameraBody(
  settings: BodySettings,
  { clock, random }: Pick<Host, 'clock' | 'random'>,
  canEncode: boolean,
  name: string,
): Promise<CameraBody> {
  const { log, maxKbps, pictureStream, dataDirectory, inputs } = settings;
  const channels = Array.from(
    { length: settings.channels ?? inputs.length },
    () => new Channel({ clock, log, canEncode, maxKbps }),
  );
  // A camera of pictures cannot play back (guide, picture streams).
  const cardBytes = pictureStream ? null : settings.cardBytes;
  const stills = canEncode ? new StillMaker({ clock, log }) : null;
  const card = cardBytes === null ? null : await openCard(cardBytes, settings, clock, stills);
  if (card) channels.forEach((channel, index) => channel.addTarget(card.recorder(index)));
  const seeding = card && settings.demoDays > 0 ? seed(card, settings, clock) : null;
  const feedback = new Feedback();
  const call: Call | null = settings.talk
    ? new Call({
        clock,
        random,
        feedback,
        onPhase: (phase) => settings.onCall?.(phase),
        reply: settings.callReply,
        replyAfterMs: settings.callReplyAfterMs,
        talker: () => talk?.talker ?? null,
      })
    : null;
  const talk = settings.talk ? openTalk(settings, clock, call) : null;
  const limits = { ...DEFAULT_LIMITS, kbps: Math.min(DEFAULT_LIMITS.kbps, maxKbps ?? Infinity) };
  const visibleAxes = canEncode ? visibleAxesOf(settings.ptzAxes) : [];
  const ptzConfig = ptzConfigOf(settings.ptzAxes);
  const views: PtzView[] = [];
  const ptz = channels.flatMap((target, index) => {
    if (settings.ptzAxes.length === 0) return [];
    const file = join(dataDirectory, `ptz-${index}.json`);
    const presets = openPresetFile(file, (message) => log.warn(message));
    const onMove = (): void => views[index]?.wake();
    const unit = new Ptz({ config: ptzConfig, clock, presets, log, onMove });
    if (visibleAxes.length > 0) {
      const look = () => ({ ...unit.position, moving: unit.moving });
      views.push(new PtzView({ target, look, limits, clock, log }));
    }
    return [unit];
  });
  const { keepH265 } = settings;
  const targets = channels.map((channel, index) => views[index] ?? channel);
  const starting = startSources(inputs, targets, { clock, log, limits, keepH265 });
  const closeSources = await starting.catch(async (error: unknown) => {
    await seeding;
    await card?.close();
    throw error;
  });

  const audience = new Audience(settings.maxViewers);
  const live = new LiveStreams({ channels, audience, pictureStream });
  const features = featuresOf(settings.deviceVersion);
  const capabilities: Capabilities = {
    name,
    deviceVersion: settings.deviceVersion,
    channels: channels.length,
    qualities: pictureStream ? [] : canEncode ? QUALITIES : ['high'],
    streams: [...live.actions, ...(card ? ['playback', 'playback-audio'] : [])],
    pictureStream,
    ptz: ptz.length === 0 ? null : ptzCapabilitiesOf(ptzConfig, visibleAxes),
    talk: talk && TALK_CAPABILITIES,
    call: call && { video: true },
    playback: card && playbackCapabilitiesOf(features, card.timeZone, canEncode),
    files: card && { types: canEncode ? ['0', '1'] : ['0'], resume: true },
    userCommands: USER_COMMANDS,
  };
  const onRequest = createRouter({
    name,
    channels: channels.length,
    features,
    live,
    card,
    playbacks: new Playbacks(MAX_PLAYBACKS),
    talk,
    clock,
    capabilities,
    userCommands: createUserCommands(ptz, call),
    feedback,
    quirks: settings.quirks,
    onError: (error) => log.error(error, 'a request failed'),
  });
  let streamsEnded: Promise<unknown> = Promise.resolve();
  return {
    onRequest,
    onViewerGone: (viewer) => {
      for (const unit of ptz) unit.viewerGone(viewer);
      call?.viewerGone(viewer);
    },
    act: (act) => call?.act(act),
    endStreams: () => {
      call?.close();
      feedback.close();
      talk?.close();
      stills?.close();
      streamsEnded = Promise.all([
        Promise.resolve(seeding).then(() => card?.close()),
        ...channels.map((channel) => channel.close()),
      ]);
    },
    close: async () => {
      for (const unit of ptz) unit.close();
      await Promise.all([streamsEnded, closeSources(), ...views.map((view) => view.close())]);
    },
  };
}

function playbackCapabilitiesOf(
  { playbackSpeed }: DeviceFeatures,
  timeZone: string,
  thumbnails: boolean,
): PlaybackCapabilities {
  return {
    functions: PLAYBACK_COMMANDS.filter((one) => playbackSpeed || !SPEED_COMMANDS.includes(one)),
    maxKeyframeStep: playbackSpeed ? MAX_KEYFRAME_STEP : 1,
    events: true,
    thumbnails,
    timeZone,
  };
}

function openCard(
  maxBytes: number,
  { dataDirectory, log }: BodySettings,
  clock: Clock,
  stills: StillMaker | null,
): Promise<Card> {
  return Card.open({
    directory: join(dataDirectory, 'card'),
    clock,
    log,
    maxBytes,
    maxPlaybacks: MAX_PLAYBACKS,
    makePicture: stills && ((flv, width) => stills.make(flv, width)),
  });
}

/** Goes on while the camera is on duty already. */
async function seed(card: Card, { demoDays, log }: BodySettings, clock: Clock): Promise<void> {
  try {
    const { files } = await seedRecordings(card, await readSampleClip(), {
      nowMs: clock.wallMs(),
      days: demoDays,
    });
    log.debug(`${files} demo recordings were added`);
  } catch (error) {
    log.warn(`no demo recordings: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function openTalk(
  { dataDirectory, log, talkDevice }: BodySettings,
  clock: Clock,
  call: Call | null,
): Talk {
  const directory = join(dataDirectory, 'talk');
  return new Talk({
    clock,
    log,
    maxMs: MAX_TALK_MS,
    holder: () => call?.holder ?? null,
    onVoice: (viewer, on) => call?.onVoice(viewer, on),
    folder: new TalkFolder({
      directory,
      log,
      maxFiles: MAX_TALK_FILES,
      maxBytes: MAX_TALK_BYTES,
    }),
    player: talkDevice === null ? null : createTalkPlayer({ device: talkDevice, log }),
  });
}
