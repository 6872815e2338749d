import type { QueryParams } from '../../../services/p2p/http';
import type { CardApi } from '../card';
import type { DeviceFeatures } from '../device-version';
import type { LiveStreams } from '../live-streams';
import { Refusal } from '../refusal';
import { DeviceStatus } from './device-status';
import { requireRange, requireText, requireTime, requireWhole } from './parameters';
import type { Playbacks } from './playbacks';

/** What inner commands act on. */
export interface InnerCommandContext {
  /** What people call the camera. */
  readonly name: string;
  readonly channels: number;
  readonly features: DeviceFeatures;
  readonly live: LiveStreams;
  /** Null for a camera that does not record. */
  readonly card: CardApi | null;
  readonly playbacks: Playbacks;
  /** Null for a camera that one cannot talk to. */
  readonly talk: { isBusyFor(viewer: string): boolean } | null;
}

export interface InnerCommand {
  readonly query: QueryParams;
  readonly channel: number;
  /** Who asks: the same for all requests of one viewer. */
  readonly viewer: string;
}

type Handler = (command: InnerCommand, context: InnerCommandContext) => unknown;

/** `type` of `get_record_index`: everything, and what lies within it. */
const RecordType = { All: '0', Motion: '1' } as const;

/** A day; nobody plays back more at once. */
const MAX_PROGRESS_MS = 24 * 60 * 60 * 1_000;
const MAX_FRAME_INTERVAL_MS = 1_000;
export const MAX_KEYFRAME_STEP = 64;

const UNSUPPORTED = { status: DeviceStatus.Unsupported };
const OK = { status: DeviceStatus.Ok };

const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['get_device_st', deviceStatus],
  [
    'get_month_record',
    withCard(({ query, channel }, card) => {
      const time = requireText(query, 'time');
      if (!/^\d{4}(0[1-9]|1[0-2])$/.test(time)) {
        throw new Refusal(400, 'time must be a month as yyyymm');
      }
      return { video_list: String(card.month(channel, time)) };
    }),
  ],
  [
    'get_record_index',
    withCard(({ query, channel }, card) => {
      const range = { channel, ...requireRange(query) };
      return {
        video_list: [
          ...card.records(range).map((entry) => ({ type: RecordType.All, ...entry })),
          ...card.events(range).map((entry) => ({ type: RecordType.Motion, ...entry })),
        ],
      };
    }),
  ],
  [
    'get_thumbnail',
    withCard(async ({ query, channel }, card) => {
      const thumbnail = await card.thumbnail(channel, requireTime(query, 'time'));
      if (thumbnail === null) return { status: DeviceStatus.BadRequest };
      const { recordedMs, jpeg } = thumbnail;
      const time = Math.floor(recordedMs / 1_000);
      return { ...OK, time, picture: Buffer.from(jpeg).toString('base64') };
    }),
  ],
  [
    'get_file_list',
    withCard(({ query, channel }, card) => {
      const fileType = query['file_type'] ?? '0';
      if (!/^\w{1,16}$/.test(fileType)) throw new Refusal(400, 'file_type must be a word, e.g. 0');
      return { file_list: card.files({ channel, ...requireRange(query), fileType }) };
    }),
  ],
  [
    'playback_progress',
    withPlayback(({ session }) => ({
      ...OK,
      progress: Math.round(session.progressMs),
    })),
  ],
  [
    'playback_seek',
    withPlayback(async ({ session, startS }, { query }) => {
      // Apps give ms from the start, the native documents unix seconds.
      const ms =
        query['progress'] === undefined && query['time'] !== undefined
          ? (requireTime(query, 'time') - startS) * 1_000
          : requireWhole(query, 'progress', 0, MAX_PROGRESS_MS);
      if (ms < 0) throw new Refusal(400, 'time must not be before the start of the playback');
      return { ...OK, progress: Math.round(await session.seek(ms)) };
    }),
  ],
  [
    'playback_pause',
    withPlayback(({ session }) => {
      session.pause();
      return OK;
    }),
  ],
  [
    'playback_resume',
    withPlayback(({ session }) => {
      session.resume();
      return OK;
    }),
  ],
  [
    'playback_speed',
    withSpeed(({ session }, { query }) => {
      session.setFrameInterval(requireWhole(query, 'speed', 0, MAX_FRAME_INTERVAL_MS));
      return OK;
    }),
  ],
  [
    'playback_ff',
    withSpeed(({ session }, { query }) => {
      session.setKeyframeStep(requireWhole(query, 'speed', 0, MAX_KEYFRAME_STEP));
      return OK;
    }),
  ],
  ['playback_rewind', () => UNSUPPORTED],
  [
    'get_nvr_list',
    (_command, { name, channels, features }) => {
      if (!features.nvrList) return UNSUPPORTED;
      // A camera with one picture is no recorder of others.
      if (channels === 1) return [];
      return Array.from({ length: channels }, (_, channel) => ({
        DeviceName: `${name}_${channel}`,
        Channel: String(channel),
        Online: '1',
      }));
    },
  ],
]);

/** The commands that act on a running playback. */
export const PLAYBACK_COMMANDS: readonly string[] = [...HANDLERS.keys()].filter((name) =>
  /^playback_(?!rewind)/.test(name),
);

export const SPEED_COMMANDS: readonly string[] = ['playback_speed', 'playback_ff'];

/** @throws Refusal; IotError where the card does not take a parameter. */
export async function runInnerCommand(
  command: InnerCommand,
  context: InnerCommandContext,
): Promise<unknown> {
  const cmd = command.query['cmd'] ?? '';
  const handler = HANDLERS.get(cmd);
  if (!handler) throw new Refusal(400, `unknown command "${cmd}"`);
  return handler(command, context);
}

/** `channel` was not checked for it: a wrong one is a status here, not an error. */
function deviceStatus(
  { query, channel, viewer }: InnerCommand,
  context: InnerCommandContext,
): unknown {
  const { live, playbacks, channels } = context;
  const appConnectNum = String(live.viewerCount + playbacks.count);
  const known = channel >= 0 && channel < channels;
  const status = known ? statusOf(query, channel, viewer, context) : DeviceStatus.BadRequest;
  return [{ status, appConnectNum }];
}

function statusOf(
  query: QueryParams,
  channel: number,
  viewer: string,
  { live, talk, card, playbacks }: InnerCommandContext,
): DeviceStatus {
  switch (query['type']) {
    case undefined:
    case '':
      return DeviceStatus.BadRequest;
    case 'voice':
      if (talk === null) return DeviceStatus.Unsupported;
      return talk.isBusyFor(viewer) ? DeviceStatus.Busy : DeviceStatus.Ok;
    case 'playback':
    case 'playback-audio':
      if (card === null) return DeviceStatus.Unsupported;
      if (card.recorder(channel).state.name === 'faulty') return DeviceStatus.DeviceError;
      return playbacks.full ? DeviceStatus.TooManyViewers : DeviceStatus.Ok;
    default:
      return live.status(query, channel);
  }
}

function withCard(run: (command: InnerCommand, card: CardApi) => unknown): Handler {
  return (command, { card }) => (card === null ? UNSUPPORTED : run(command, card));
}

type Playback = NonNullable<ReturnType<Playbacks['find']>>;

function withPlayback(run: (playback: Playback, command: InnerCommand) => unknown): Handler {
  return (command, { card, playbacks }) => {
    if (card === null) return UNSUPPORTED;
    const playback = playbacks.find(command.viewer, command.channel);
    // Devices know no other word for "there is none".
    return playback === null ? { status: DeviceStatus.BadRequest } : run(playback, command);
  };
}

function withSpeed(run: (playback: Playback, command: InnerCommand) => unknown): Handler {
  const handler = withPlayback(run);
  return (command, context) =>
    context.features.playbackSpeed ? handler(command, context) : UNSUPPORTED;
}
