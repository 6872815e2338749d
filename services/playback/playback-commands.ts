import { CommandLine, deviceStatus, fieldOf, innerCommand, readNumber } from '../commands';
import type { CommandAnswer, CommandLineOptions } from '../commands';
import { IotError, XP2PErrorCode } from '../errors';
import type { TimeSpan } from './camera-time';
import { monthParam } from './month';
import type { Month } from './month';
import type { SpeedCommand, SpeedFeatures } from './playback-speeds';
import { readMonth, readRecordings } from './recordings';
import type { DayRecordings } from './recordings';
import type { PlaybackThumbnail } from './thumbnails';

/** What a camera tells of its playback. */
export interface PlaybackFeatures {
  /** IANA name; null where the camera does not tell. */
  readonly timeZone: string | null;
  readonly speeds: SpeedFeatures;
  /** It has pictures of moments: `get_thumbnail`. */
  readonly thumbnails: boolean;
}

const NONE: PlaybackFeatures = {
  timeZone: null,
  speeds: { intervals: false, maxKeyframeStep: 1 },
  thumbnails: false,
};

const LIST_TIMEOUT_MS = 10_000;
const CONTROL_TIMEOUT_MS = 4_000;
/** A picture is at most so long, as base64. */
const MAX_PICTURE_CHARS = 200_000;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
/** `get_record_index` wants at least this, in s. */
const MIN_RANGE_S = 5;

/** The inner commands of playback (guide §"发送信令"; reference §5.4). */
export class PlaybackCommands {
  private readonly line: CommandLine;
  private readonly channel: number;

  constructor(options: CommandLineOptions) {
    this.line = new CommandLine(options);
    this.channel = options.channel ?? 0;
  }

  /** What the camera tells of itself; of cameras that tell nothing, the least. Never rejects. */
  async features(): Promise<PlaybackFeatures> {
    try {
      const answer = await this.send('get_capabilities', {}, CONTROL_TIMEOUT_MS);
      if (answer.kind !== 'answer') return NONE;
      const playback = fieldOf(answer.body, 'playback');
      const functions = fieldOf(playback, 'functions');
      const zone = fieldOf(playback, 'timeZone');
      const most = readNumber(fieldOf(playback, 'maxKeyframeStep')) ?? 0;
      const has = (name: string): boolean => Array.isArray(functions) && functions.includes(name);
      return {
        timeZone: typeof zone === 'string' ? zone : null,
        speeds: {
          intervals: has('playback_speed'),
          maxKeyframeStep: has('playback_ff') ? most : 1,
        },
        thumbnails: fieldOf(playback, 'thumbnails') === true,
      };
    } catch {
      return NONE;
    }
  }

  /**
   * The picture of a moment, or of the first recorded one after it; null for none. Never rejects.
   * @param unixS unix seconds
   */
  async thumbnail(unixS: number): Promise<PlaybackThumbnail | null> {
    try {
      const answer = await this.send('get_thumbnail', { time: unixS }, LIST_TIMEOUT_MS);
      if (answer.kind !== 'answer' || (answer.status ?? 0) !== 0) return null;
      const picture = fieldOf(answer.body, 'picture');
      const isSound =
        typeof picture === 'string' && picture.length <= MAX_PICTURE_CHARS && BASE64.test(picture);
      return isSound ? { url: `data:image/jpeg;base64,${picture}` } : null;
    } catch {
      return null;
    }
  }

  /** @throws IotError `request-timeout`, `request-rejected`, `unsupported-operation`, or the connection's. */
  async month(month: Month): Promise<ReadonlySet<number>> {
    const params = { time: monthParam(month) };
    const body = bodyOf(await this.send('get_month_record', params, LIST_TIMEOUT_MS));
    const days = readMonth(body, month);
    if (days === null) throw rejected('the month of recordings makes no sense', false);
    return days;
  }

  /** @throws as `month`. */
  async recordings(span: TimeSpan): Promise<DayRecordings> {
    const startS = Math.floor(span.startMs / 1_000);
    const endS = Math.max(startS + MIN_RANGE_S, Math.ceil(span.endMs / 1_000));
    const params = { start_time: startS, end_time: endS };
    const body = bodyOf(await this.send('get_record_index', params, LIST_TIMEOUT_MS));
    const read = readRecordings(body, span);
    if (read === null) throw rejected('the list of recordings makes no sense', false);
    return read;
  }

  /** @returns ms from the stream's start; null where the camera does not tell. Never rejects. */
  progress(): Promise<number | null> {
    return this.control('playback_progress').then(({ progressMs }) => progressMs);
  }

  /**
   * Seeks in the open stream. Never rejects.
   * @param ms from the stream's start
   */
  seek(ms: number): Promise<ControlResult> {
    return this.control('playback_seek', { progress: Math.round(ms) });
  }

  async pause(): Promise<boolean> {
    return (await this.control('playback_pause')).ok;
  }

  async resume(): Promise<boolean> {
    return (await this.control('playback_resume')).ok;
  }

  async setSpeed({ cmd, speed }: SpeedCommand): Promise<boolean> {
    return (await this.control(cmd, { speed })).ok;
  }

  close(): void {
    this.line.close();
  }

  private async control(
    cmd: string,
    params: Readonly<Record<string, number>> = {},
  ): Promise<ControlResult> {
    try {
      const answer = await this.send(cmd, params, CONTROL_TIMEOUT_MS);
      if (answer.kind !== 'answer') return FAILED;
      // Some firmware answers `{}` for yes.
      const ok = answer.status === null || answer.status === 0;
      const progressMs = readNumber(fieldOf(answer.body, 'progress'));
      const isGood = progressMs !== null && progressMs >= 0;
      return { ok, progressMs: ok && isGood ? progressMs : null };
    } catch {
      return FAILED;
    }
  }

  private send(
    cmd: string,
    params: Readonly<Record<string, string | number>>,
    timeoutMs: number,
  ): Promise<CommandAnswer> {
    return this.line.send(innerCommand(cmd, params, this.channel), timeoutMs);
  }
}

export interface ControlResult {
  readonly ok: boolean;
  /** What the camera says it has reached, in ms from the stream's start; null where it does not. */
  readonly progressMs: number | null;
}

const FAILED: ControlResult = { ok: false, progressMs: null };

function bodyOf(answer: CommandAnswer): unknown {
  switch (answer.kind) {
    case 'answer': {
      const status = deviceStatus(answer.status);
      if (answer.status === null || status === 'ok') return answer.body;
      if (status === 'unsupported') {
        throw commandError('unsupported-operation', 'the camera records nothing', false);
      }
      throw rejected(`the camera answered ${answer.status}`, status !== 'bad-request');
    }
    case 'malformed':
      throw rejected('the answer is not JSON', false);
    case 'refused':
      throw rejected(`the camera answered ${answer.httpStatus}`, answer.httpStatus >= 500);
    case 'no-answer':
      throw commandError('request-timeout', `no answer: ${answer.reason}`, true);
    default:
      return answer satisfies never;
  }
}

function rejected(message: string, retryable: boolean): IotError {
  return commandError('list-rejected', message, retryable);
}

function commandError(
  reason: 'list-rejected' | 'request-timeout' | 'unsupported-operation',
  message: string,
  retryable: boolean,
): IotError {
  const code = XP2PErrorCode.StreamFailed;
  return new IotError({ code, phase: 'command', reason, message, retryable });
}
