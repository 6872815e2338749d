import type { QueryParams, ResponseWriter } from '../../services/p2p/http';
import type { Audience } from './audience';
import { QUALITIES } from './capabilities';
import type { Quality } from './capabilities';
import { DeviceStatus } from './commands/device-status';
import { Refusal } from './refusal';

/** The part of a channel that requests reach. */
export interface LiveChannel {
  readonly alive: boolean;
  readonly mayHaveSound: boolean;
  readonly hasPictures: boolean;
  watch(quality: Quality, response: ResponseWriter, onLeft: () => void): void;
  listen(response: ResponseWriter, onLeft: () => void): void;
  watchPictures(response: ResponseWriter, onLeft: () => void): void;
}

export interface LiveStreamsOptions {
  readonly channels: readonly LiveChannel[];
  readonly audience: Audience;
  /** Sound and pictures come apart, and there is nothing else. */
  readonly pictureStream: boolean;
}

type LiveAction = 'live' | 'live-audio' | 'live-mjpg';

const DEFAULT_QUALITY: Quality = 'high';

/** The live streams of all channels. */
export class LiveStreams {
  constructor(private readonly options: LiveStreamsOptions) {}

  get viewerCount(): number {
    return this.options.audience.count;
  }

  /** Values of `action` that are served. */
  get actions(): readonly LiveAction[] {
    const { channels, pictureStream } = this.options;
    const pictures = channels.some(({ hasPictures }) => hasPictures);
    return [
      ...(pictureStream ? [] : (['live'] as const)),
      'live-audio',
      ...(pictures ? (['live-mjpg'] as const) : []),
    ];
  }

  /** @throws Refusal */
  open(query: QueryParams, channel: number, response: ResponseWriter): void {
    const source = this.options.channels[channel]!;
    const action = this.actions.find((one) => one === query['action']);
    if (!action) throw new Refusal(404, `there is no stream "${query['action'] ?? ''}"`);
    const quality = readQuality(query);
    if (quality === null) throw new Refusal(404, `there is no quality "${query['quality']}"`);
    if (action === 'live-audio' && !source.mayHaveSound) {
      throw new Refusal(404, `channel ${channel} has no sound`);
    }
    const leave = this.options.audience.take();
    if (leave === null) throw new Refusal(503, 'too many viewers, try later');
    if (action === 'live') source.watch(quality, response, leave);
    else if (action === 'live-audio') source.listen(response, leave);
    else source.watchPictures(response, leave);
  }

  /** What `open` would do: for `get_device_st`. */
  status(query: QueryParams, channel: number): DeviceStatus {
    const source = this.options.channels[channel]!;
    const action = this.actions.find((one) => one === query['type']);
    if (!action) return DeviceStatus.Unsupported;
    if (readQuality(query) === null) return DeviceStatus.BadRequest;
    if (action === 'live-audio' && !source.mayHaveSound) return DeviceStatus.Unsupported;
    if (!source.alive) return DeviceStatus.DeviceError;
    return this.options.audience.full ? DeviceStatus.TooManyViewers : DeviceStatus.Ok;
  }
}

function readQuality({ quality }: QueryParams): Quality | null {
  if (quality === undefined) return DEFAULT_QUALITY;
  return QUALITIES.find((one) => one === quality) ?? null;
}
