import { deviceStatus, fieldOf, plainCommand, readFlag, readNumber } from '../commands';
import type { CommandAnswer, CommandLine } from '../commands';
import type { PtzCommand, PtzDirection, PtzPreset, PtzReply } from './ptz-state';

/**
 * How a camera is spoken to. `json`: `{topic: 'ptz', data: {cmd: 'ptz_up_press'}}`, from press to
 * release, as the seed's demo does. `plain`: `cmd=ptz_up`, a step each, as the seed's native documents
 * do; `plain-top-bottom`: their older form.
 */
export type PtzDialect = 'json' | 'plain' | 'plain-top-bottom';

const OLD_NAMES: Readonly<Partial<Record<PtzDirection, string>>> = {
  up: 'top',
  down: 'bottom',
};
const MAX_PRESETS = 255;
const MAX_NAME_LENGTH = 64;

/** Sends a command in the camera's dialect. */
export async function sendPtz(
  line: CommandLine,
  dialect: PtzDialect,
  channel: number,
  command: PtzCommand,
  timeoutMs: number,
): Promise<PtzReply> {
  const { cmd, fields } = wordsOf(command, dialect);
  const answer =
    dialect === 'json'
      ? await line.sendUser('ptz', { cmd, ...fields }, timeoutMs)
      : await line.send(plainCommand(cmd, fields, channel), timeoutMs);
  return readReply(answer, command);
}

interface Words {
  readonly cmd: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** The name of a command, and what goes with it. */
export function wordsOf(command: PtzCommand, dialect: PtzDialect): Words {
  switch (command.kind) {
    case 'press':
    case 'step': {
      const { direction, speed, kind } = command;
      const name = dialect === 'plain-top-bottom' ? (OLD_NAMES[direction] ?? direction) : direction;
      const press = kind === 'press' ? '_press' : '';
      return { cmd: `ptz_${name}${press}`, fields: speed === null ? {} : { speed } };
    }
    case 'release':
      return { cmd: 'ptz_release_pre', fields: {} };
    case 'home':
      return { cmd: 'ptz_home', fields: {} };
    case 'preset-list':
      return { cmd: 'ptz_preset_list', fields: {} };
    case 'preset-go':
      return { cmd: 'ptz_preset_go', fields: { preset: command.preset } };
    case 'preset-delete':
      return { cmd: 'ptz_preset_delete', fields: { preset: command.preset } };
    case 'preset-set': {
      const { preset, name } = command;
      return { cmd: 'ptz_preset_set', fields: { preset, name: name.slice(0, MAX_NAME_LENGTH) } };
    }
    default:
      return command satisfies never;
  }
}

/** What a camera's answer means; also one that makes no sense is an answer. */
export function readReply(answer: CommandAnswer, command: PtzCommand): PtzReply {
  switch (answer.kind) {
    case 'no-answer':
      return { kind: 'unanswered' };
    case 'malformed':
      return { kind: 'answered', problem: null, apex: false };
    case 'refused': {
      const problem = answer.httpStatus === 404 ? 'unsupported' : 'refused';
      return { kind: 'answered', problem, apex: false };
    }
    case 'answer': {
      const { body, status } = answer;
      const apex = readFlag(fieldOf(body, 'apex'));
      const presets = command.kind === 'preset-list' ? { presets: presetsIn(body) } : {};
      return { kind: 'answered', problem: problemOf(status), apex, ...presets };
    }
    default:
      return answer satisfies never;
  }
}

function problemOf(status: number | null): 'refused' | 'unsupported' | null {
  // Not every camera answers a motion with a status.
  if (status === null || status === 0) return null;
  return deviceStatus(status) === 'unsupported' ? 'unsupported' : 'refused';
}

function presetsIn(body: unknown): readonly PtzPreset[] {
  const list = fieldOf(body, 'preset_list');
  if (!Array.isArray(list)) return [];
  const presets = new Map<number, PtzPreset>();
  for (const item of list.slice(0, MAX_PRESETS) as unknown[]) {
    const id = readNumber(fieldOf(item, 'preset'));
    const name = fieldOf(item, 'name');
    if (id === null || !Number.isInteger(id) || id < 1 || id > MAX_PRESETS) continue;
    presets.set(id, { id, name: typeof name === 'string' ? name : '' });
  }
  return [...presets.values()].sort((a, b) => a.id - b.id);
}
