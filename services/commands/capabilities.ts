import type { CommandLine } from './command-line';
import { innerCommand } from './encode-command';
import { fieldOf, readFlag, readNumber } from './read-answer';

/** What a camera's PTZ can do. */
export interface PtzFeatures {
  /** E.g. `up`, `up_left`, `zoom_in`. */
  readonly directions: readonly string[];
  /** Presets are numbered from 1 to this; 0: there are none. */
  readonly maxPresets: number;
  /** Whether it can go to its home position. */
  readonly home: boolean;
  /** Whether a press takes `speed`, 1 to 10. */
  readonly speed: boolean;
  /** A press that is not repeated ends after this, in ms; null: never. */
  readonly safetyMs: number | null;
}

/** What a camera's loudspeaker can do. */
export interface TalkFeatures {
  readonly codecs: readonly ('pcm' | 'flv')[];
  /** Sample rates of PCM in Hz. */
  readonly rates: readonly number[];
  /** Whether one may talk and listen at once. */
  readonly duplex: boolean;
}

/** What a camera can do of calls. */
export interface CallFeatures {
  /** Whether it takes a picture with the sound. */
  readonly video: boolean;
}

/** Null: the camera says that it has none. */
export interface CameraCapabilities {
  readonly ptz: PtzFeatures | null;
  readonly talk: TalkFeatures | null;
  readonly call: CallFeatures | null;
}

const QUERY_TIMEOUT_MS = 5_000;

/**
 * Asks the camera what it can do: `get_capabilities`, a command of our cameras.
 * @returns null where the camera does not know the command or answers nonsense: the app has to tell.
 *   Rejects with an `IotError` when there is no connection.
 */
export async function queryCapabilities(line: CommandLine): Promise<CameraCapabilities | null> {
  const answer = await line.send(innerCommand('get_capabilities'), QUERY_TIMEOUT_MS);
  if (answer.kind !== 'answer' || (answer.status ?? 0) !== 0) return null;
  const { body } = answer;
  if (fieldOf(body, 'ptz') === undefined && fieldOf(body, 'talk') === undefined) return null;
  return {
    ptz: readPtz(fieldOf(body, 'ptz')),
    talk: readTalk(fieldOf(body, 'talk')),
    call: readCall(fieldOf(body, 'call')),
  };
}

function readPtz(value: unknown): PtzFeatures | null {
  const directions = textsOf(fieldOf(value, 'directions'));
  if (directions.length === 0) return null;
  const safetyMs = readNumber(fieldOf(value, 'safetyMs'));
  return {
    directions,
    maxPresets: Math.min(255, Math.max(0, readNumber(fieldOf(value, 'maxPresets')) ?? 0)),
    home: true,
    speed: true,
    safetyMs: safetyMs !== null && safetyMs >= 1_000 ? safetyMs : null,
  };
}

function readTalk(value: unknown): TalkFeatures | null {
  const codecs = textsOf(fieldOf(value, 'codecs')).filter(
    (name): name is 'pcm' | 'flv' => name === 'pcm' || name === 'flv',
  );
  if (codecs.length === 0) return null;
  const rates = fieldOf(value, 'rates');
  return {
    codecs,
    rates: (Array.isArray(rates) ? rates : []).map(readNumber).filter((rate) => rate !== null),
    duplex: readFlag(fieldOf(value, 'duplex')),
  };
}

function readCall(value: unknown): CallFeatures | null {
  if (typeof value !== 'object' || value === null) return null;
  return { video: readFlag(fieldOf(value, 'video')) };
}

function textsOf(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return [];
  return value.slice(0, 64).filter((item): item is string => typeof item === 'string');
}
