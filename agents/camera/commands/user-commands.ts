import type { QueryParams } from '../../../services/p2p/http';
import { isPtzName, parsePtzCommand } from '../ptz/ptz-command';
import type { Ptz } from '../ptz/ptz';
import { CALL_COMMANDS, isCallName } from '../call/call';
import type { Call } from '../call/call';
import { Refusal } from '../refusal';
import { DeviceStatus } from './device-status';
import { requireText } from './parameters';

export interface UserCommand {
  /** The topic of a JSON command, or the word of a plain one. */
  readonly name: string;
  /** `data` of a JSON command, or the query of a plain one. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly channel: number;
  /** Who asks: the same for all requests of one viewer. */
  readonly viewer: string;
}

/** Answers with an object; throws a Refusal for what it does not take. */
export type UserCommandHandler = (command: UserCommand) => object;

/** Words that a plain command begins with, and topics of JSON commands, with what handles them. */
export interface UserCommandTable {
  readonly topics: ReadonlyMap<string, UserCommandHandler>;
  readonly plain: readonly {
    readonly accepts: (name: string) => boolean;
    readonly handler: UserCommandHandler;
  }[];
}

/**
 * @param ptz of each channel; empty for a camera that does not move.
 * @param call null for a camera that cannot be called.
 */
export function createUserCommands(ptz: readonly Ptz[], call: Call | null): UserCommandTable {
  const move = (name: string, { fields, channel, viewer }: UserCommand): object => {
    const command = parsePtzCommand(name, fields);
    const unit = ptz[channel];
    return unit ? unit.command(command, viewer) : { status: DeviceStatus.Unsupported };
  };
  return {
    topics: new Map<string, UserCommandHandler>([
      ['ptz', (command) => move(requireWord(command.fields, 'data.cmd'), command)],
      // For apps that are being written: what arrives here, arrives.
      ['echo', ({ fields }) => ({ status: DeviceStatus.Ok, data: fields })],
    ]),
    plain: [
      { accepts: isPtzName, handler: (command) => move(command.name, command) },
      {
        accepts: isCallName,
        handler: (command) => call?.command(command) ?? { status: DeviceStatus.Unsupported },
      },
    ],
  };
}

/** The names that `GET /capabilities` lists. */
export const USER_COMMANDS: readonly string[] = [
  'ptz',
  'echo',
  'get_ptz_position',
  ...CALL_COMMANDS,
];

/**
 * Runs `action=user_define`: `cmd` is JSON `{topic, data, message_id}`, or a plain word with further
 * parameters beside it. The answer repeats topic and message_id of JSON.
 * @throws Refusal 400 or 404.
 */
export function runUserCommand(
  query: QueryParams,
  channel: number,
  viewer: string,
  table: UserCommandTable,
): object {
  const cmd = requireText(query, 'cmd');
  if (!cmd.trimStart().startsWith('{')) return runPlain(cmd, query, channel, viewer, table);
  const message = parseMessage(cmd);
  const handler = table.topics.get(message.topic);
  if (!handler) throw new Refusal(404, `there is no user command "${message.topic}"`);
  const { topic, messageId } = message;
  const answer = handler({ name: topic, fields: message.data, channel, viewer });
  return { topic, ...(messageId === undefined ? {} : { message_id: messageId }), ...answer };
}

function runPlain(
  name: string,
  fields: QueryParams,
  channel: number,
  viewer: string,
  { plain }: UserCommandTable,
): object {
  const found = plain.find(({ accepts }) => accepts(name));
  if (!found) throw new Refusal(404, `there is no user command "${name}"`);
  return found.handler({ name, fields, channel, viewer });
}

function parseMessage(cmd: string): {
  readonly topic: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly messageId: unknown;
} {
  let message: unknown;
  try {
    message = JSON.parse(cmd);
  } catch {
    throw new Refusal(400, 'cmd is no valid JSON; was "&" or "#" in it not percent-encoded?');
  }
  const { topic, data = {}, message_id } = message as Readonly<Record<string, unknown>>;
  if (typeof topic !== 'string' || topic === '') throw new Refusal(400, 'topic is missing in cmd');
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    throw new Refusal(400, 'data in cmd must be an object');
  }
  return { topic, data: data as Readonly<Record<string, unknown>>, messageId: message_id };
}

function requireWord(fields: Readonly<Record<string, unknown>>, field: string): string {
  const word = fields[field.split('.').at(-1)!];
  if (typeof word === 'string' && word !== '') return word;
  throw new Refusal(400, `${field} is missing in cmd`);
}
