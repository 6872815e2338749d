import type { Clock } from '../../services/host';
import { IotError } from '../../services/errors';
import type { IncomingRequest, RequestHandler, ResponseWriter } from '../../services/p2p/http';
import { answerJson, answerText } from './answer';
import type { Capabilities } from './capabilities';
import { runInnerCommand } from './commands/inner-commands';
import type { InnerCommandContext } from './commands/inner-commands';
import { requireRange, requireText, requireWhole } from './commands/parameters';
import { answerQuirky } from './commands/quirks';
import type { Quirk } from './commands/quirks';
import { runUserCommand } from './commands/user-commands';
import type { UserCommandTable } from './commands/user-commands';
import { CorruptResponse } from './corrupt-response';
import type { Feedback } from './feedback/feedback';
import { peerName } from './peer-name';
import { Refusal } from './refusal';
import type { Talk } from './talk/talk';

export interface RouterOptions extends InnerCommandContext {
  readonly clock: Clock;
  readonly capabilities: Capabilities;
  /** Null for a camera without a loudspeaker. */
  readonly talk: Talk | null;
  readonly userCommands: UserCommandTable;
  readonly feedback: Feedback;
  readonly quirks: ReadonlySet<Quirk>;
  /** Something that should not happen has; the viewer got 500. */
  readonly onError: (error: unknown) => void;
}

/** The reference's devices want at least so much. */
const MIN_PLAYBACK_S = 5;

type Route = (
  request: IncomingRequest,
  response: ResponseWriter,
  options: RouterOptions,
) => void | Promise<void>;

const STREAM = '/ipc.flv';

const ROUTES = new Map<string, { readonly method: string; readonly serve: Route }>([
  [STREAM, { method: 'GET', serve: serveStream }],
  ['/command', { method: 'GET', serve: serveCommand }],
  ['/voice', { method: 'POST', serve: serveVoice }],
  ['/file', { method: 'GET', serve: serveFile }],
  ['/feedback', { method: 'GET', serve: serveFeedback }],
  ['/capabilities', { method: 'GET', serve: serveCapabilities }],
]);

/**
 * Makes the handler of all requests that viewers send to the camera. It never throws: a session must
 * not end because one of its requests was odd.
 */
export function createRouter(options: RouterOptions): RequestHandler {
  let corrupt = options.quirks.has('corrupt');
  return (request, given) => {
    const response = corrupt && request.path === STREAM ? new CorruptResponse(given) : given;
    if (response !== given) corrupt = false;
    const refuse = (error: unknown): void => answerError(error, response, options);
    try {
      const route = ROUTES.get(request.path);
      if (!route) throw new Refusal(404, `there is no ${request.path}`);
      if (request.method !== route.method) {
        throw new Refusal(405, `${request.path} takes ${route.method}`, { allow: route.method });
      }
      void Promise.resolve(route.serve(request, response, options)).catch(refuse);
    } catch (error) {
      refuse(error);
    }
  };
}

function answerError(error: unknown, response: ResponseWriter, { onError }: RouterOptions): void {
  if (error instanceof Refusal) {
    return answerText(response, error.status, error.message, error.headers);
  }
  if (error instanceof IotError) {
    const status = error.field === undefined ? 503 : 400;
    const named = error.field === undefined || error.message.includes(error.field);
    return answerText(response, status, named ? error.message : `${error.field}: ${error.message}`);
  }
  onError(error);
  answerText(response, 500, 'the camera made a mistake');
}

function serveStream(
  request: IncomingRequest,
  response: ResponseWriter,
  options: RouterOptions,
): void {
  const { query } = request;
  const channel = requireChannel(query['channel'], options.channels);
  const action = query['action'] ?? '';
  if (action !== 'playback' && action !== 'playback-audio') {
    return options.live.open(query, channel, response);
  }
  if (options.card === null) throw new Refusal(404, `there is no stream "${action}"`);
  const { startS, endS } = requireRange(query, MIN_PLAYBACK_S);
  const session = options.card.openPlayback(
    { channel, startS, endS, audioOnly: action === 'playback-audio' },
    response,
  );
  if (session) options.playbacks.add(peerName(request), startS, session);
}

async function serveCommand(
  request: IncomingRequest,
  response: ResponseWriter,
  options: RouterOptions,
): Promise<void> {
  const { query } = request;
  const viewer = peerName(request);
  const action = requireText(query, 'action');
  if (action !== 'inner_define' && action !== 'user_define') {
    throw new Refusal(400, `unknown action "${action}"`);
  }
  // For apps that can send commands only.
  if (action === 'inner_define' && query['cmd'] === 'get_capabilities') {
    return answerQuirky(response, options.capabilities, options.quirks, options.clock);
  }
  // A wrong channel is a status of this command, not an error.
  const asksState = action === 'inner_define' && query['cmd'] === 'get_device_st';
  const channel = asksState
    ? (channelOf(query['channel'], options.channels) ?? -1)
    : requireChannel(query['channel'], options.channels);
  const answer =
    action === 'inner_define'
      ? await runInnerCommand({ query, channel, viewer }, options)
      : runUserCommand(query, channel, viewer, options.userCommands);
  answerQuirky(response, answer, options.quirks, options.clock);
}

function serveVoice(
  request: IncomingRequest,
  response: ResponseWriter,
  { talk, channels }: RouterOptions,
): void {
  requireChannel(request.query['channel'], channels);
  if (talk === null) throw new Refusal(404, 'this camera has no loudspeaker');
  talk.open(request, response);
}

function serveFile(
  { query }: IncomingRequest,
  response: ResponseWriter,
  { card, channels }: RouterOptions,
): void {
  const channel = requireChannel(query['channel'], channels);
  if (card === null) throw new Refusal(404, 'this camera keeps no files');
  const fileName = requireText(query, 'file_name');
  const offset =
    query['offset'] === undefined ? 0 : requireWhole(query, 'offset', 0, Number.MAX_SAFE_INTEGER);
  card.openFile({ channel, fileName, offset }, response);
}

function serveFeedback(
  request: IncomingRequest,
  response: ResponseWriter,
  { feedback }: RouterOptions,
): void {
  feedback.open(request, response);
}

function serveCapabilities(
  _request: IncomingRequest,
  response: ResponseWriter,
  { capabilities }: RouterOptions,
): void {
  answerJson(response, capabilities);
}

/** @returns null when there is no such channel; 0 when none is named. */
function channelOf(text: string | undefined, channels: number): number | null {
  if (text === undefined) return 0;
  const channel = Number(text);
  return /^\d{1,3}$/.test(text) && channel < channels ? channel : null;
}

function requireChannel(text: string | undefined, channels: number): number {
  const channel = channelOf(text, channels);
  if (channel === null) throw new Refusal(404, `there is no channel ${text}`);
  return channel;
}
